"""Where the process starts: it answers a shell that completes words, or else runs the command line."""

import gc
import os
from typing import NoReturn

_THRESHOLD = 100_000
"""After how many new objects Python looks for garbage: a quick command makes fewer."""


def main() -> NoReturn:
    """Answer the shell, which asks at every Tab, without importing click; without a question, run the command line."""
    if "_REMIND_COMPLETE" in os.environ:
        from remind.cli.completer import answer

        answer()
        os._exit(0)
    # What the imports of a command create stays until its end, so looking through it for garbage is in vain.
    gc.set_threshold(_THRESHOLD)
    from remind.cli import main as command_line

    command_line.main()
