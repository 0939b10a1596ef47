"""The service where no manager starts, stops and logs it: a process without a terminal, its lock and its log file."""

import os
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from remind.errors import RemindError
from remind.files import Folders
from remind.lock import FileLock, lock_owner
from remind.login.installation import MODULE

if TYPE_CHECKING:
    import socket
    import subprocess

_MOST_START_S = 30.0
_MOST_STOP_S = 12.0  # systemd's TimeoutStopSec is 10 s
_STEP_S = 0.05
_FOLLOW_S = 0.5
_DESKTOP = ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY")
"""What a login to the desktop tells its programs, and which may change at the next one."""
SEE_LOG = "; `remind service logs` says why"


def service_pid(folders: Folders) -> int | None:
    """Return the number of the process of the service, or None if it isn't running or is `remind run` in a terminal."""
    pid = lock_owner(folders.lock)
    return pid if pid and _is_service(pid) else None


def foreground(folders: Folders) -> str:
    """Return a line about `remind run` if that, and not the service, is running, or ""."""
    pid = lock_owner(folders.lock)
    return "" if pid is None or service_pid(folders) else f"`remind run` is already running (process {pid})"


def start(command: list[str], environment: Mapping[str, str], folders: Folders) -> None:
    """Run `command`, the service, as a process that outlives this one, and wait until it is ready.

    Raises:
        RemindError: it cannot be started, ends at once, or isn't ready in time.
    """
    import subprocess

    flags = getattr(subprocess, "DETACHED_PROCESS", 0) | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
    with _readiness() as (address, hears):
        environ = {**os.environ, **environment, **address}
        try:
            process = subprocess.Popen(
                command, env=environ, cwd=Path.home(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, start_new_session=True, creationflags=flags,
            )  # fmt: skip
        except OSError as error:
            raise RemindError(f"{command[0]}: cannot be started: {error.strerror}") from error
        threading.Thread(target=process.wait, daemon=True).start()  # so that its end leaves no zombie
        if hears is None:
            wait_until_running(folders, process)
        else:
            _wait_until_ready(hears, process)


def stop(folders: Folders) -> bool:
    """Stop the service and wait for its end. Return False if it isn't running.

    Raises:
        RemindError: it does not end.
    """
    import signal

    pid = service_pid(folders)
    if pid is None:
        return False
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + _MOST_STOP_S
    while lock_owner(folders.lock) == pid:
        if time.monotonic() > deadline:
            raise RemindError(f"the service (process {pid}) did not stop within {_MOST_STOP_S:.0f} s")
        time.sleep(_STEP_S)
    return True


def stop_stale(folders: Folders) -> None:
    """Stop a service that an earlier login to the desktop left behind, since its bus and its display are gone.

    One that systemd runs stays: its bus is the same at every login, and it looks for the display by itself.
    """
    pid = service_pid(folders)
    found = _environ(pid) if pid else {}
    if found and "INVOCATION_ID" not in found and any(found.get(name) != os.environ.get(name) for name in _DESKTOP):
        stop(folders)


def remove_traces(folders: Folders) -> None:
    """Remove the log and the locks of a service that has ended, and their folder if nothing else is in it."""
    for path in (folders.lock, folders.session_lock):
        lock = FileLock(path)
        if not path.exists() or not lock.acquire():
            continue  # `remind run` or a session goes on, and writes the log too
        with suppress(OSError):
            path.unlink()  # while it is held, so that nobody takes it in between
        lock.release()
        with suppress(OSError):
            path.unlink()  # Windows removes no open file
    if not folders.lock.exists():
        for path in folders.state.glob(f"{folders.log.name}*"):
            with suppress(OSError):
                path.unlink()
    with suppress(OSError):
        folders.state.rmdir()


def print_log(folders: Folders, lines: int, *, follow: bool) -> None:
    """Print the last `lines` lines of the log file; with `follow`, print new ones too until Ctrl-C.

    Raises:
        RemindError: there is no log, or it cannot be read.
    """
    found = [path for path in (folders.log.with_name(f"{folders.log.name}.1"), folders.log) if path.exists()]
    if not found and not follow:
        raise RemindError(f"{folders.log}: there is no log yet")
    try:
        text = "".join(path.read_text(encoding="utf-8", errors="replace") for path in found)
        print("".join(text.splitlines(keepends=True)[-lines:] if lines else []), end="", flush=True)
        if follow:
            _follow(folders.log)
    except OSError as error:
        raise RemindError(f"{folders.log}: cannot be read: {error.strerror}") from error


def _follow(path: Path) -> None:
    """Print what is added to the file at `path`, even if it is renamed and replaced by a new one."""
    at = path.stat().st_size if path.exists() else 0
    while True:
        try:
            size = path.stat().st_size
            if size != at:
                with path.open("rb") as file:
                    file.seek(at if size > at else 0)
                    added = file.read()
                    at = file.tell()
                print(added.decode(errors="replace"), end="", flush=True)
        except FileNotFoundError:
            at = 0  # a new one follows
        time.sleep(_FOLLOW_S)


def _is_service(pid: int) -> bool:
    # The lock of a home on the network may name a process of another computer. Windows' own folder is never shared.
    if sys.platform == "win32":
        return True
    try:
        return MODULE.encode() in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False


def _environ(pid: int) -> dict[str, str]:
    """Return the environment with which a process was started; empty if the system doesn't tell."""
    try:
        content = Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return {}
    return dict(os.fsdecode(entry).partition("=")[::2] for entry in content.split(b"\0") if entry)


@contextmanager
def _readiness() -> Iterator[tuple[dict[str, str], "socket.socket | None"]]:
    """Yield what tells the service where to report that it is ready, as systemd does, and the socket that hears it."""
    import socket
    import tempfile

    if sys.platform == "win32":
        yield {}, None
        return

    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as hears:
        hears.bind(f"{folder}/ready")
        hears.settimeout(_STEP_S)
        yield {"NOTIFY_SOCKET": f"{folder}/ready"}, hears


def wait_until_running(folders: Folders, process: "subprocess.Popen[bytes] | None" = None) -> None:
    """Wait until the service has its lock. Raise RemindError if it hasn't in time, or `process` ends before that."""
    deadline = time.monotonic() + _MOST_START_S
    while lock_owner(folders.lock) is None:
        _check(process, deadline)
        time.sleep(_STEP_S)


def _wait_until_ready(hears: "socket.socket", process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _MOST_START_S
    while True:
        with suppress(TimeoutError):
            if b"READY=1" in hears.recv(4096).splitlines():
                return
        _check(process, deadline)


def _check(process: "subprocess.Popen[bytes] | None", deadline: float) -> None:
    if process and process.poll() is not None:
        raise RemindError(f"the service ended at once, with exit code {process.returncode}{SEE_LOG}")
    if time.monotonic() > deadline:
        raise RemindError(f"the service isn't ready after {_MOST_START_S:.0f} s{SEE_LOG}")
