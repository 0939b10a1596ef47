"""Where the process starts: it answers a shell that completes words, or else runs the command line."""

import os
from typing import NoReturn


def main() -> NoReturn:
    """Answer the shell, which asks at every Tab, without importing click; without a question, run the command line."""
    if "_REMIND_COMPLETE" in os.environ:
        from remind.cli.words import answer

        answer()
        os._exit(0)
    from remind.cli import main as command_line

    command_line.main()
