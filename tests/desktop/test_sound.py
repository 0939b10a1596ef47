"""The sounds of a session, with players on PATH that do what the test wants: real processes that play nothing."""

import io
import subprocess
import sys
import threading
import time
import wave
from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest
from chimes import chime, silence
from virtual_desktop import eventually

from remind.core.session import Cue
from remind.desktop import sound
from remind.desktop.sound import Sounds, first_working, players, sound_file, voices

CUES: tuple[Cue, ...] = ("notice", "begin", "ease", "end")
WORKS, FAILS, HANGS = 'echo "$0 $*" >> {log}', "echo 'no server' >&2; exit 1", "exec /bin/sleep 600"


class Computer:
    """A PATH with the players that a test adds, and what they were asked to play."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "bin"
        self.folder.mkdir()
        self.log = folder / "played"
        self.environ = {"PATH": str(self.folder)}
        self.rung: list[str] = []
        self.opened: list[Sounds] = []

    def has(self, name: str, script: str) -> None:
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{script.format(log=self.log)}\n")
        path.chmod(0o700)

    def sounds(self, *, chime: bool = True, voice: bool = False) -> Sounds:
        one = Sounds(chime=chime, voice=voice, environ=self.environ, platform="linux")
        self.opened.append(one)
        one.start()
        for thread in one._threads:
            thread.join(20)
        return one

    def ring(self) -> None:
        self.rung.append(threading.current_thread().name)

    @property
    def played(self) -> list[str]:
        """Return each call as its program and its last argument, without folders."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [f"{Path(line.split()[0]).name} {Path(line.split()[-1]).name}" for line in lines]


@pytest.fixture
def computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Computer]:
    monkeypatch.setattr(sound, "_PROBE_LIMIT_S", 0.4)
    one = Computer(tmp_path)
    yield one
    for sounds in one.opened:
        sounds.close()


def samples(wav: bytes) -> "array[int]":
    with wave.open(io.BytesIO(wav)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        return array("h", file.readframes(file.getnframes()))


def test_the_chimes_are_short_clear_and_different() -> None:
    """Each is a WAV file of at most a second and a half that does not clip; silence is silent."""
    heard = {cue: samples(sound_file(cue).read_bytes()) for cue in CUES}
    assert len({tuple(one) for one in heard.values()}) == 4
    for one in heard.values():
        assert 0.1 < len(one) / 22_050 < 1.5
        assert 10_000 < max(map(abs, one)) < 30_000
        assert abs(one[-1]) < 100
    assert set(samples(sound_file("silence").read_bytes())) == {0}


def test_the_chimes_have_the_present_notes() -> None:
    """tests/desktop/chimes.py makes them anew."""
    assert sound_file("silence").read_bytes() == silence()
    for cue in CUES:
        shipped, made = samples(sound_file(cue).read_bytes()), samples(chime(cue))
        # Another system's sine may round to the next number.
        assert all(abs(one - other) <= 1 for one, other in zip(shipped, made, strict=True))


def test_the_first_player_that_works_plays_the_chime(computer: Computer) -> None:
    """A silent file finds out, before the first cue, which player has no server; no bell rings."""
    computer.has("pw-play", FAILS)
    computer.has("paplay", WORKS)
    computer.has("aplay", WORKS)
    computer.sounds().cue("begin", computer.ring)
    eventually(lambda: computer.played == ["paplay silence.wav", "paplay begin.wav"])
    assert computer.rung == []


def test_without_a_player_the_bell_rings_at_once(computer: Computer) -> None:
    """Without a player the bell rings before the call returns."""
    computer.has("pw-play", FAILS)
    computer.sounds().cue("ease", computer.ring)
    assert computer.rung == ["MainThread"]


def test_before_a_player_is_found_the_bell_rings(computer: Computer) -> None:
    """A cue in the first second is not lost while a slow player is asked."""
    computer.has("pw-play", HANGS)
    one = Sounds(chime=True, environ=computer.environ, platform="linux")
    computer.opened.append(one)
    one.start()
    one.cue("notice", computer.ring)
    assert computer.rung == ["MainThread"]


def test_a_player_that_hangs_from_the_start_is_passed_over(computer: Computer) -> None:
    """The next one is used."""
    computer.has("pw-play", HANGS)
    computer.has("aplay", WORKS)
    computer.sounds().cue("begin", computer.ring)
    eventually(lambda: "aplay begin.wav" in computer.played)


def test_a_player_that_begins_to_hang_delays_no_cue(computer: Computer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six cues in a row return at once; after the time limit the bell rings."""
    monkeypatch.setattr(sound, "CHIME_LIMIT_S", 0.5)
    computer.has("pw-play", WORKS)
    one = computer.sounds()
    computer.has("pw-play", HANGS)
    began = time.monotonic()
    for _ in range(6):
        one.cue("notice", computer.ring)
    assert time.monotonic() - began < 0.5
    eventually(lambda: not any(thread.is_alive() for thread in one._threads))
    before = len(computer.rung)
    one.cue("begin", computer.ring)
    assert len(computer.rung) == before + 1


def test_a_player_that_fails_later_leaves_the_cue_to_the_bell(computer: Computer) -> None:
    """The bell rings if, for example, the sound server ends during a session."""
    computer.has("pw-play", WORKS)
    one = computer.sounds()
    computer.has("pw-play", FAILS)
    one.cue("end", computer.ring)
    eventually(lambda: computer.rung == ["sound"])


def test_nothing_is_heard_that_was_not_asked_for(computer: Computer) -> None:
    """Without chime and voice no program is started and no bell rings."""
    computer.has("pw-play", WORKS)
    computer.has("spd-say", WORKS)
    one = computer.sounds(chime=False)
    one.cue("begin", computer.ring)
    one.say("Lean in.")
    assert (computer.played, computer.rung, one._threads) == ([], [], [])


def test_the_first_voice_that_works_speaks(computer: Computer) -> None:
    """If a voice fails, the next one speaks the same words, and the first is not tried again."""
    computer.has("spd-say", f'echo "asked" >> {computer.log}; {FAILS}')
    computer.has("espeak-ng", WORKS)
    one = computer.sounds(chime=False, voice=True)
    one.say("Heels")
    eventually(lambda: computer.played == ["asked asked", "espeak-ng Heels"])
    one.say("Rest")
    eventually(lambda: computer.played[2:] == ["espeak-ng Rest"])


def test_new_words_end_those_that_are_being_spoken(computer: Computer) -> None:
    """New words stop the old ones, and the same voice speaks them."""
    computer.has("spd-say", WORKS + "; exec /bin/sleep 600")
    one = computer.sounds(chime=False, voice=True)
    one.say("one")
    eventually(lambda: computer.played == ["spd-say one"])
    first = eventually(lambda: one._speaking)
    one.say("two")
    eventually(lambda: computer.played == ["spd-say one", "spd-say two"])
    eventually(lambda: first.returncode is not None)
    one.hush()
    assert one._speaking is None


def test_success_without_a_sound_card_is_a_failure() -> None:
    """espeak-ng ends with exit code 0 although it could not play."""
    script = "import sys; sys.stderr.write('ALSA lib: x\\nerror: No such file or directory\\n')"
    found, failures = first_working([sound.Player((sys.executable, "-c", script))], "", 5.0)
    assert (found, list(failures.values())) == (None, ["No such file or directory"])


def test_at_the_end_the_last_chime_is_heard_and_nothing_stays_behind(computer: Computer) -> None:
    """`close` waits for the last chime as long as asked, then stops everything."""
    computer.has("pw-play", WORKS)
    one = computer.sounds()
    one.cue("end", computer.ring)
    one.close(wait_s=10)
    assert computer.played[-1] == "pw-play end.wav"
    two = computer.sounds()
    computer.has("pw-play", HANGS)
    two.cue("end", computer.ring)
    eventually(lambda: bool(two._playing))
    (child,) = two._playing
    two.close()
    eventually(lambda: child.poll() is not None)
    assert computer.rung == []


def test_over_ssh_no_player_is_used(computer: Computer) -> None:
    """A player would be heard where the computer is; the terminal's bell is heard where the person is."""
    computer.has("pw-play", WORKS)
    computer.has("spd-say", WORKS)
    remote = {**computer.environ, "SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}
    assert players(remote, "linux") == []
    assert voices(remote, "linux") == []


@pytest.mark.parametrize(
    "modules", ["service.service, remind.app", "cli.status, remind.cli.notify, remind.cli.routines, remind.cli.cramp"]
)
def test_neither_the_service_nor_a_quick_command_loads_it(modules: str) -> None:
    """Only a session and the commands that try sounds load it."""
    script = f"import sys, remind.{modules}, remind.guide.guidance; sys.exit('remind.desktop.sound' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@pytest.mark.parametrize(
    ("platform", "programs", "player", "voice"),
    [
        ("linux", ("aplay", "paplay", "espeak-ng", "spd-say"), ["paplay", "aplay"], ["spd-say", "espeak-ng"]),
        ("freebsd14", ("paplay",), ["paplay"], []),
        ("darwin", ("afplay", "say"), ["afplay"], ["say"]),
        ("win32", ("powershell",), ["winsound"], ["powershell"]),
    ],
)
def test_each_system_has_its_players(
    computer: Computer, platform: str, programs: tuple[str, ...], player: list[str], voice: list[str]
) -> None:
    """The installed programs are found, best first."""
    for name in programs:
        computer.has(name, WORKS)

    assert [one.name for one in players(computer.environ, platform)] == player
    assert [one.name for one in voices(computer.environ, platform)] == voice


def test_a_voice_may_read_the_text_from_its_standard_input(computer: Computer) -> None:
    """`say` and PowerShell read it there, so that no text is taken for an option or a command."""
    computer.has("say", f"/bin/cat >> {computer.log}")
    (voice,) = voices(computer.environ, "darwin")
    found, failures = first_working([voice], "-v $(date)", 5.0, computer.environ)
    assert (found, failures) == (voice, {})
    assert computer.log.read_text() == "-v $(date)"


def test_a_start_that_a_signal_interrupts_can_be_closed(computer: Computer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C may come while a sound begins; the session still ends as it should."""
    sounds = computer.sounds(chime=True)

    def interrupted(_thread: threading.Thread) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(threading.Thread, "start", interrupted)
    with pytest.raises(KeyboardInterrupt):
        sounds.start()
    sounds.close()
