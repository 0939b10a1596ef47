"""Says words aloud through the system, where the browser has no voice of its own."""

import shutil
import subprocess
import sys
import threading

MOST_S = 15.0


def speak(text: str) -> None:
    """Say `text` in a child process that can never hold the session up; silently nothing where there is no voice."""
    command = _command(text)
    if command is None:
        return
    try:
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except OSError:
        return
    threading.Thread(target=_end, args=(child,), daemon=True).start()


def _command(text: str) -> list[str] | None:
    if sys.platform == "darwin":
        return ["say", "--", text]
    if program := shutil.which("spd-say"):
        return [program, "--wait", "--", text]
    if program := shutil.which("espeak-ng"):
        return [program, "--", text]
    return None


def _end(child: "subprocess.Popen[bytes]") -> None:
    try:
        child.wait(MOST_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
