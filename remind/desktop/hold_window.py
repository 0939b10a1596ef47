"""`python -m remind.desktop.hold_window COMMAND …`: run a command, and keep its window open until Enter is pressed."""

import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress


def main(arguments: Sequence[str]) -> int:
    """Run `remind` with `arguments` and wait for Enter. Return the exit code of the command."""
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is for the command; to ignore it would be inherited
    code = subprocess.run([sys.executable, "-P", "-m", "remind", *arguments], check=False).returncode
    with suppress(EOFError, OSError):
        input("\nPress Enter to close this window. ")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
