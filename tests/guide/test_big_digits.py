"""Big letters and digits."""

import pytest
from screens import SHIPPED

from remind.core.routine import plan
from remind.guide.big_digits import has_blocks, large
from remind.settings.routines import load


@pytest.mark.parametrize(("columns", "rows"), [(8, 3), (20, 5), (48, 10), (200, 60)])
def test_text_is_as_large_as_fits(columns: int, rows: int) -> None:
    """It never leaves its place, and one more of the place would be needed for the next size."""
    lines = large("25", columns, rows)
    assert lines is not None
    assert len(lines) <= rows
    assert max(map(len, lines)) <= columns
    scale = min(columns // 7, rows * 2 // 5)
    assert max(map(len, lines)) == 7 * scale


def test_what_cannot_be_drawn_is_left_to_ordinary_text() -> None:
    """Too small a place, no text, and letters outside the font give nothing."""
    assert large("25", 6, 10) is None
    assert large("25", 80, 2) is None
    assert large("", 80, 10) is None
    assert large("Für", 80, 10) is None


def test_digits_differ_from_each_other() -> None:
    """No two of the ten look the same."""
    assert len({large(str(digit), 12, 10) for digit in range(10)}) == 10


def test_all_shipped_words_can_be_read_from_afar() -> None:
    """Every word to read of every shipped routine is drawn large at 80 columns."""
    for path in SHIPPED.iterdir():
        for phase in plan(load(path)):
            assert large(phase.read, 80, 3), f"{path.stem}: {phase.read}"


@pytest.mark.parametrize(("columns", "rows", "size"), [(7, 5, (7, 5)), (20, 5, (14, 5)), (40, 11, (28, 10))])
def test_plain_digits_need_no_blocks(columns: int, rows: int, size: tuple[int, int]) -> None:
    """They are built from "#", fill their place and are not larger than it."""
    lines = large("25", columns, rows, plain=True)
    assert lines is not None
    assert set("".join(lines)) == {"#", " "}
    assert (max(map(len, lines)), len(lines)) == size
    assert large("25", 6, rows, plain=True) is None
    assert large("25", columns, 4, plain=True) is None


@pytest.mark.parametrize(
    ("environ", "blocks"),
    [
        ({"LANG": "de_DE.UTF-8", "TERM": "xterm-256color"}, True),
        ({"LANG": "C", "LC_CTYPE": "en_GB.utf8", "TERM": "xterm"}, True),
        ({"LANG": "C.UTF-8", "TERM": "xterm"}, True),
        ({"LC_CTYPE": "C.UTF-8", "TERM": "xterm"}, False),
        ({"LANG": "de_DE.ISO-8859-1", "TERM": "xterm"}, False),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C", "TERM": "xterm"}, False),
        ({"TERM": "xterm"}, False),
        ({"LANG": "de_DE.UTF-8", "TERM": "linux"}, False),
    ],
)
def test_blocks_are_drawn_only_where_they_can_be_expected(environ: dict[str, str], blocks: bool) -> None:
    """A locale other than UTF-8, none at all, and the Linux console get plain digits."""
    assert has_blocks(environ) is blocks
