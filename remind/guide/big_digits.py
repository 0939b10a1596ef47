"""Large letters and digits, readable from two metres: made of half blocks, or of "#" where a font lacks those."""

import sys
from collections.abc import Mapping
from functools import lru_cache

_HEIGHT = 5

# Five rows of pixels for each character; M, N and W need more than three columns to be told apart.
_FONT = """
0 ### #.# #.# #.# ###
1 .#. ##. .#. .#. ###
2 ### ..# ### #.. ###
3 ### ..# .## ..# ###
4 #.# #.# ### ..# ..#
5 ### #.. ### ..# ###
6 ### #.. ### #.# ###
7 ### ..# ..# ..# ..#
8 ### #.# ### #.# ###
9 ### #.# ### ..# ###
: . # . # .
A ### #.# ### #.# #.#
B ##. #.# ##. #.# ##.
C ### #.. #.. #.. ###
D ##. #.# #.# #.# ##.
E ### #.. ##. #.. ###
F ### #.. ##. #.. #..
G #### #... #.## #..# ####
H #.# #.# ### #.# #.#
I # # # # #
J ..# ..# ..# #.# ###
K #.# #.# ##. #.# #.#
L #.. #.. #.. #.. ###
M #...# ##.## #.#.# #...# #...#
N #..# ##.# #.## #..# #..#
O ### #.# #.# #.# ###
P ### #.# ### #.. #..
Q ### #.# #.# ### ..#
R ### #.# ##. #.# #.#
S ### #.. ### ..# ###
T ### .#. .#. .#. .#.
U #.# #.# #.# #.# ###
V #.# #.# #.# #.# .#.
W #...# #...# #.#.# ##.## #...#
X #.# #.# .#. #.# #.#
Y #.# #.# ### .#. .#.
Z ### ..# .#. #.. ###
- .. .. ## .. ..
' # # . . .
"""
_GLYPHS = {line[0]: line[2:].split() for line in _FONT.split("\n") if line} | {" ": [".."] * _HEIGHT}
_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def has_blocks(environ: Mapping[str, str]) -> bool:
    """Return whether the terminal can be expected to draw blocks; it can't be asked what its font lacks."""
    if sys.platform == "win32":
        return True
    locale = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or ""
    if locale == "C.UTF-8" and not (environ.get("LC_ALL") or environ.get("LANG")):
        return False  # Python sets this itself if there is no locale
    return environ.get("TERM") != "linux" and locale.lower().replace("-", "").endswith("utf8")


@lru_cache(maxsize=64)
def large(text: str, columns: int, rows: int, *, plain: bool = False) -> tuple[str, ...] | None:
    """Return `text` in capitals as lines of half blocks, as large as fits into `columns` × `rows`.

    With `plain` the lines are made of "#". Return None if the text does not fit at its smallest, or has a character
    that cannot be drawn.
    """
    glyphs = [_GLYPHS.get(character) for character in text.upper()]
    if not glyphs or None in glyphs:
        return None
    lines = [".".join(glyph[row] for glyph in glyphs if glyph) for row in range(_HEIGHT)]
    if plain:
        # A cell is about twice as high as it is wide, so a square pixel takes two cells side by side.
        high = rows // _HEIGHT
        return _whole_cells(lines, min(columns // len(lines[0]), 2 * high), high)
    return _half_blocks(lines, min(columns // len(lines[0]), rows * 2 // _HEIGHT))


def _whole_cells(lines: list[str], wide: int, high: int) -> tuple[str, ...] | None:
    if min(wide, high) < 1:
        return None
    drawn = ["".join(("#" if pixel == "#" else " ") * wide for pixel in line).rstrip() for line in lines]
    return tuple(line for line in drawn for _ in range(high))


def _half_blocks(lines: list[str], scale: int) -> tuple[str, ...] | None:
    if scale < 1:
        return None
    pixels = [[pixel == "#" for pixel in line for _ in range(scale)] for line in lines for _ in range(scale)]
    if len(pixels) % 2:
        pixels.append([False] * len(pixels[0]))
    return tuple(
        "".join(_HALVES[pair] for pair in zip(upper, lower, strict=True)).rstrip()
        for upper, lower in zip(pixels[::2], pixels[1::2], strict=True)
    )
