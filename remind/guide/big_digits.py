"""Letters and digits built from blocks, large enough to be read from two metres."""

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


@lru_cache(maxsize=64)
def blocks(text: str, columns: int, rows: int) -> tuple[str, ...] | None:
    """`text` in capitals as lines of half blocks, as large as fits into `columns` × `rows`.

    None if it does not fit even at its smallest, or has a character that cannot be drawn.
    """
    glyphs = [_GLYPHS.get(character) for character in text.upper()]
    if not glyphs or None in glyphs:
        return None
    lines = [".".join(glyph[row] for glyph in glyphs if glyph) for row in range(_HEIGHT)]
    scale = min(columns // len(lines[0]), rows * 2 // _HEIGHT)
    if scale < 1:
        return None
    pixels = [[pixel == "#" for pixel in line for _ in range(scale)] for line in lines for _ in range(scale)]
    if len(pixels) % 2:
        pixels.append([False] * len(pixels[0]))
    return tuple(
        "".join(_HALVES[pair] for pair in zip(upper, lower, strict=True)).rstrip()
        for upper, lower in zip(pixels[::2], pixels[1::2], strict=True)
    )
