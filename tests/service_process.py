"""The service as a real process in its own home; tests read its log and run commands beside it."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from virtual_desktop import eventually

from remind.core.diary import Entry
from remind.files import Folders
from remind.store.database import Database
from remind.store.ledger import Event
from remind.store.store import Store

SERVICE = (sys.executable, "-m", "remind.service")
STRETCH = "Time for the calf stretch"

DUE = """[notify]
channel = "console"
[stretch]
lead = "3 h"
repeat = "4 h"
[water]
enabled = false
"""
"""With these settings, the stretch has been due for an hour and a half at nine in the evening, and comes once."""

NOT_DUE = DUE.replace("3 h", "10 min")
"""With these, it is not due before twenty past ten."""


class Home:
    """An empty home in `folder`, with the environment of its owner."""

    def __init__(self, folder: Path, **environ: str) -> None:
        folder.mkdir(parents=True)
        runtime = folder / "run"
        runtime.mkdir(mode=0o700)
        self.environ = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(sys.path),
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_DATA_HOME": str(folder / "data"),
            "XDG_STATE_HOME": str(folder / "state"),
            "XDG_RUNTIME_DIR": str(runtime),
            "DBUS_SESSION_BUS_ADDRESS": "",
            "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nowhere",
            "TZ": "Europe/Berlin",
            **environ,
        }
        self.folders = Folders(*(folder / name / "remind" for name in ("config", "data", "state")))

    def settings(self, text: str) -> None:
        """Save `text` as the settings file."""
        self.folders.config.mkdir(parents=True, exist_ok=True)
        self.folders.settings.write_text(text)

    def remind(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command `remind` with `arguments` to its end."""
        command = [sys.executable, "-m", "remind", *arguments]
        return subprocess.run(command, env=self.environ, capture_output=True, text=True, timeout=60, check=False)

    def json(self, *arguments: str) -> Any:
        """Return what the command prints as JSON."""
        done = self.remind(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    @contextmanager
    def _store(self) -> Iterator[Store]:
        with Database.open_for_reading(self.folders.database, datetime.now(UTC)) as database:
            yield Store(database)

    def events(self, *what: str) -> list[Event]:
        """Return the events in the ledger of these kinds. Ask this and not a command again and again."""
        with self._store() as store:
            events = store.ledger.events(datetime(2000, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC))
        return [event for event in events if event.what in what]

    def entries(self) -> list[Entry]:
        """Return what is in the diary, as `events` does."""
        with self._store() as store:
            return store.diary.entries()


class Running:
    """The service in `home`, started at once; `environ` is added to the home's."""

    def __init__(self, home: Home, command: Sequence[str] = SERVICE, environ: Mapping[str, str] | None = None) -> None:
        self._lines: list[str] = []
        self._told: list[str] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._folder = tempfile.TemporaryDirectory()  # the name of a socket is at most 107 bytes long
        address = Path(self._folder.name, "notify")
        self._socket.bind(str(address))
        self._socket.setblocking(False)
        # A pipe, so that its log can be read even if it can't write a file.
        self.process = subprocess.Popen(
            list(command),
            env={**home.environ, "NOTIFY_SOCKET": str(address), **(environ or {})},
            stderr=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> "Running":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.process.kill()
        self.code()
        if kind is not None:
            print(self.log)  # beside the failure of the test
        self._socket.close()
        self._folder.cleanup()

    @property
    def log(self) -> str:
        """Its log so far."""
        return "".join(self._lines)

    @property
    def has_failed(self) -> bool:
        """Whether its log has something that no person should have to read."""
        return "Traceback" in self.log or "Error:" in self.log

    def ready(self) -> "Running":
        """Return this as soon as the service reports that it is ready."""
        eventually(lambda: self.told("READY=1") or self.process.poll() is not None)
        assert self.told("READY=1"), self.log
        return self

    def says(self, words: str, times: int = 1) -> None:
        """Wait until its log contains `words` that many times."""
        eventually(lambda: self.log.count(words) >= times)

    def told(self, state: str) -> int:
        """Return how often it has sent `state` to its service manager so far."""
        try:
            while True:
                self._told += self._socket.recv(4096).decode().splitlines()
        except BlockingIOError:
            return self._told.count(state)

    def catches_signals(self) -> "Running":
        """Return this as soon as it handles the signal that makes it look for changes."""
        eventually(self._catches_signals)
        return self

    def _catches_signals(self) -> bool:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        (caught,) = (line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:"))
        return bool(int(caught, 16) >> (signal.SIGUSR1 - 1) & 1)

    def look_if_running(self) -> bool:
        """Make it look for changes, whatever it is doing; return whether it had not ended yet."""
        running = self.process.poll() is None
        if running:
            self.process.send_signal(signal.SIGUSR1)
        return running

    def look_round(self) -> None:
        """Make it look for changes at once, and wait until it starts to."""
        before = self.told("WATCHDOG=1")
        self.process.send_signal(signal.SIGUSR1)
        eventually(lambda: self.told("WATCHDOG=1") > before)

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send the signal, wait, and return the exit code."""
        self.process.send_signal(number)
        return self.code()

    def code(self) -> int:
        """Return the exit code as soon as it has ended and its whole log was read."""
        code = self.process.wait(30)
        self._reader.join(30)
        return code

    def _read(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr:
            for line in self.process.stderr:
                self._lines.append(line)
