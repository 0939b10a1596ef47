"""Makes the chimes anew, by hand: `.venv/bin/python tests/desktop/chimes.py` after a note has changed."""

import io
import math
import sys
import wave
from array import array
from collections.abc import Sequence

from remind.core.session import Cue
from remind.desktop.sound import sound_file

# Notes as Hz and seconds: a hold begins with a rise, a rest with a fall, and only the end has four notes.
NOTES: dict[Cue, tuple[tuple[float, float], ...]] = {
    "notice": ((880.0, 0.12),),
    "begin": ((659.3, 0.14), (987.8, 0.5)),
    "ease": ((784.0, 0.14), (523.3, 0.5)),
    "end": ((523.3, 0.16), (659.3, 0.16), (784.0, 0.16), (1046.5, 0.8)),
}
_RATE = 22_050
_LOUDNESS = 0.5


def chime(cue: Cue) -> bytes:
    """Return the sound of `cue` as a WAV file."""
    return _wav([sample for hertz, seconds in NOTES[cue] for sample in _bell(hertz, seconds)])


def silence() -> bytes:
    """Return a silent WAV file of a twentieth of a second."""
    return _wav([0.0] * (_RATE // 20))


def _bell(hertz: float, seconds: float) -> list[float]:
    """Return the samples of a note that fades away, with a softer one an octave above it."""
    turn, count = math.tau * hertz / _RATE, int(_RATE * seconds)
    attack = _RATE // 200  # without it, a note begins with a click
    return [
        min(1.0, n / attack, (count - n) / attack)
        * math.exp(-4 * n / count)
        * (0.75 * math.sin(turn * n) + 0.25 * math.sin(2 * turn * n))
        for n in range(count)
    ]


def _wav(samples: Sequence[float]) -> bytes:
    data = array("h", (int(32_767 * _LOUDNESS * sample) for sample in samples))
    if sys.byteorder == "big":
        data.byteswap()
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(_RATE)
        sound.writeframes(data.tobytes())
    return file.getvalue()


def main() -> None:
    """Write the chime of each cue, and the silence that tries a player."""
    sound_file("silence").parent.mkdir(exist_ok=True)
    sound_file("silence").write_bytes(silence())
    for cue in NOTES:
        sound_file(cue).write_bytes(chime(cue))


if __name__ == "__main__":
    main()
