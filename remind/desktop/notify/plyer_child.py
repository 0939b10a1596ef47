"""Shows the title and text that it reads as JSON, as a program of its own, so that plyer can hang or fail alone.

It imports nothing from remind, since it is run by its path.
"""

import json
import os
import subprocess
import sys
import threading


def main() -> None:
    """Show the notification. The exit code is 0 if nothing failed."""
    shown = json.load(sys.stdin.buffer)  # bytes, since the text stream is not UTF-8 on Windows
    if sys.platform == "linux":
        # plyer itself would choose by what is installed, and by whether there is a folder /app.
        from plyer.platforms.linux.notification import NotifySendNotification

        subprocess.call = _end_as  # type: ignore[assignment]
        NotifySendNotification().notify(**shown)
    else:
        from plyer import notification

        # On Windows plyer shows the balloon on a thread, where an exception would not end the program.
        threading.excepthook = _end_with_reason
        notification.notify(**shown)


def _end_with_reason(failed: threading.ExceptHookArgs) -> None:
    # The parent process takes the last line as the reason.
    os.write(2, f"{failed.exc_type.__name__}: {failed.exc_value}\n".encode())
    os._exit(1)


def _end_as(command: list[str]) -> None:
    # plyer itself ignores the exit code of notify-send.
    sys.exit(subprocess.run(command).returncode)


if __name__ == "__main__":
    main()
