"""Chimes and a voice for a session, through the system's own players.

A child process plays each sound, on a thread of its own and with a time limit, so that a player that hangs delays
neither the session nor the next sound. The service never loads this.
"""

import os
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Literal

from remind.core.session import Cue
from remind.desktop.command import CommandError, finish, kill, start
from remind.files import shipped

if TYPE_CHECKING:
    from subprocess import Popen

Commands = Mapping[str, Sequence[Sequence[str]]]
"""The commands of each system, by `sys.platform`, best first."""

_FILE, _TEXT = "{file}", "{text}"
_WINSOUND = "import sys, winsound; winsound.PlaySound(sys.argv[1], winsound.SND_FILENAME)"
_SAPI = (
    "[Console]::InputEncoding = [Text.Encoding]::UTF8; Add-Type -AssemblyName System.Speech; "
    "(New-Object System.Speech.Synthesis.SpeechSynthesizer).Speak([Console]::In.ReadToEnd())"
)
# Over PipeWire, pw-play and paplay both took 0.2 s more than the sound; aplay uses the sound card directly, which may
# be busy. espeak-ng ends with success even without a sound card, so it comes after spd-say.
_PLAYERS: Commands = {
    "linux": (("pw-play", _FILE), ("paplay", _FILE), ("aplay", "-q", _FILE)),
    "darwin": (("afplay", _FILE),),
    "win32": ((sys.executable, "-c", _WINSOUND, _FILE),),
}
_VOICES: Commands = {
    "linux": (("spd-say", "--wait", "--language", "en", "--", _TEXT), ("espeak-ng", "-v", "en", "--", _TEXT)),
    "darwin": (("say", "-f", "-"),),
    "win32": (("powershell", "-NoProfile", "-NonInteractive", "-Command", _SAPI),),
}

TRIAL_SENTENCE = "This is how a session sounds."
_PROBE_LIMIT_S = 1.5
CHIME_LIMIT_S = 3.0
_VOICE_LIMIT_S = 20.0
_LATE_S = 1.0
_MOST_AT_ONCE = 4


def sound_file(name: Cue | Literal["silence"]) -> Path:
    """Return the shipped file with the chime of a cue, or with the silence that tries a player."""
    return shipped() / "sounds" / f"{name}.wav"


class Player:
    """A program that plays a sound file or speaks a text."""

    def __init__(self, command: Sequence[str]) -> None:
        self.name = Path(command[0]).stem if _WINSOUND not in command else "winsound"
        self._command = command

    def play(
        self,
        given: str,
        limit_s: float,
        environ: Mapping[str, str] = os.environ,
        on_start: Callable[["Popen[bytes]"], None] = lambda _: None,
    ) -> None:
        """Play the file `given`, or speak the text `given`, to the end; `on_start` gets the process.

        Raise CommandError if that fails or takes longer than `limit_s` seconds.
        """
        command = [given if part in (_FILE, _TEXT) else part for part in self._command]
        process = start(command, environ)
        on_start(process)
        _, said = finish(process, limit_s, given.encode() if command == list(self._command) else b"")
        # espeak-ng ends with success even if it could not open the sound card.
        errors = [line for line in said.splitlines() if line.startswith("error:")]
        if errors:
            raise CommandError(errors[-1].removeprefix("error: "))


def players(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> list[Player]:
    """Return the installed programs that play a chime, best first."""
    return _installed(_PLAYERS, environ, platform)


def voices(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> list[Player]:
    """Return the installed programs that speak, best first."""
    return _installed(_VOICES, environ, platform)


def _installed(commands: Commands, environ: Mapping[str, str], platform: str) -> list[Player]:
    if "SSH_CONNECTION" in environ:
        return []  # they would be heard where the computer is, not where the person is
    found = commands.get(platform, commands["linux"])
    return [Player(command) for command in found if which(command[0], path=environ.get("PATH"))]


def first_working(
    candidates: Sequence[Player], given: str, limit_s: float, environ: Mapping[str, str] = os.environ
) -> tuple[Player | None, dict[str, str]]:
    """Play `given` with each of `candidates` until one works, each for at most `limit_s` seconds.

    Return the one that works, or None, and for each before it the reason why it does not.
    """
    failures: dict[str, str] = {}
    for player in candidates:
        try:
            player.play(given, limit_s, environ)
        except CommandError as error:
            failures[player.name] = str(error)
        else:
            return player, failures
    return None, failures


class Sounds:
    """The sounds of one session. Before a player is found, and if none works, the terminal's bell rings instead.

    Call `start` after the first picture, since it looks for a player that works.
    """

    def __init__(
        self,
        *,
        chime: bool,
        voice: bool = False,
        environ: Mapping[str, str] = os.environ,
        platform: str = sys.platform,
    ) -> None:
        self._chime = chime
        self._voice = voice
        self._environ = environ
        self._platform = platform
        self._player: Player | None = None
        self._voices: list[Player] = []
        self._phrase = 0
        self._speaking: Popen[bytes] | None = None
        self._playing: set[Popen[bytes]] = set()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._closed = False

    def start(self) -> None:
        """Begin to look for a player and a voice, and return at once."""
        if self._voice:
            self._voices = voices(self._environ, self._platform)
        if self._chime:
            self._in_thread(self._look_for_player)

    def cue(self, cue: Cue, ring: Callable[[], None]) -> None:
        """Play the chime of `cue` and return at once. `ring` rings the bell; another thread may call it too."""
        if not self._chime:
            return
        player = self._player
        self._playing -= {one for one in [*self._playing] if one.poll() is not None}
        if player is None or len(self._playing) >= _MOST_AT_ONCE:
            ring()
        else:
            self._in_thread(lambda: self._play(player, cue, ring))

    def say(self, text: str) -> None:
        """Speak `text` instead of what is being spoken, and return at once."""
        self.hush()
        if text and self._voices:
            phrase = self._phrase
            self._in_thread(lambda: self._speak(text, phrase))

    def hush(self) -> None:
        """Stop speaking."""
        with self._lock:
            self._phrase += 1
            if self._speaking is not None:
                kill(self._speaking)
            self._speaking = None

    def close(self, wait_s: float = 0.0) -> None:
        """Let the last sounds end for at most `wait_s` seconds, then stop everything."""
        deadline = time.monotonic() + wait_s
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        with self._lock:
            self._closed = True
            for process in filter(None, (*self._playing, self._speaking)):
                kill(process)

    def _look_for_player(self) -> None:
        quiet, installed = str(sound_file("silence")), players(self._environ, self._platform)
        self._player, _ = first_working(installed, quiet, _PROBE_LIMIT_S, self._environ)

    def _play(self, player: Player, cue: Cue, ring: Callable[[], None]) -> None:
        began = time.monotonic()
        try:
            player.play(str(sound_file(cue)), CHIME_LIMIT_S, self._environ, self._playing.add)
        except CommandError:
            if not self._closed:
                self._player = None
                if time.monotonic() - began < _LATE_S:  # a bell seconds later would mean something else
                    ring()

    def _speak(self, text: str, phrase: int) -> None:
        def on_start(process: "Popen[bytes]") -> None:
            with self._lock:
                if phrase != self._phrase or self._closed:
                    kill(process)
                else:
                    self._speaking = process

        for voice in list(self._voices):
            with suppress(CommandError):
                voice.play(text, _VOICE_LIMIT_S, self._environ, on_start)
                return
            if phrase != self._phrase or self._closed:
                return
            self._voices = [one for one in self._voices if one is not voice]

    def _in_thread(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name="sound", daemon=True)
        thread.start()
        # Only now: a signal may end the start, and a thread that was not started can't be joined.
        self._threads = [*(one for one in self._threads if one.is_alive()), thread]
