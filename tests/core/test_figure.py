"""The stick figure as braille and as SVG."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remind.core.figure import HEIGHT_CM, WIDTH_CM, Pose, braille, read_poses, strokes, svg
from remind.core.routine import Side
from remind.core.schema import SchemaError

POSE = Pose(
    title="One & two",
    head=(100, 160),
    neck=(100, 145),
    hip=(100, 92),
    near_arm=((130, 129), (166, 130)),
    near_leg=((100, 48), (96, 3), (117, 2)),
    props=(((170, 0), (170, 182)),),
    worked=("near_leg",),
)


def dots(side: Side, columns: int, rows: int) -> set[tuple[int, int]]:
    """The cells that are not blank."""
    lines = ["".join(text for text, _ in line) for line in braille(POSE, side, columns, rows)]
    return {(x, y) for y, line in enumerate(lines) for x, character in enumerate(line) if character != " "}


@given(st.integers(1, 150), st.integers(1, 60))
def test_the_picture_has_the_size_that_was_asked_for(columns: int, rows: int) -> None:
    """Every line has as many cells as asked, whatever the size."""
    lines = braille(POSE, "right", columns, rows)
    assert [sum(len(text) for text, _ in line) for line in lines] == [columns] * rows


def test_the_left_side_is_the_mirror_of_the_right() -> None:
    """The wall that stands right of the middle stands left of it."""
    right, left = dots("right", 40, 16), dots("left", 40, 16)
    assert max(x for x, _ in right) > 30
    assert min(x for x, _ in left) < 10
    assert abs(len(right) - len(left)) <= 6


def test_what_is_worked_is_marked() -> None:
    """The near leg carries its own role, below the hip and nowhere else."""
    rows = [y for y, line in enumerate(braille(POSE, None, 40, 16)) for _, role in line if role == "worked"]
    assert min(rows) >= 16 * (HEIGHT_CM - 95) // HEIGHT_CM
    assert max(rows) == 15


def test_the_same_points_make_the_svg() -> None:
    """One polyline a stroke, each within the view box, with the title for those who cannot see it."""
    root = ET.fromstring(svg(POSE, "left"))  # noqa: S314 (our own text)
    assert root.findtext("{*}title") == "One & two"
    lines = root.findall("{*}polyline")
    assert len(lines) == len(strokes(POSE, "left"))
    for line in lines:
        for point in line.get("points", "").split():
            x, y = map(float, point.split(","))
            assert 0 <= x <= WIDTH_CM
            assert 0 <= y <= HEIGHT_CM


@pytest.mark.parametrize("head", [[1], [1, 2, 3], [-1, 5], [5, 999], "no"])
def test_a_point_that_is_none_is_a_fault(head: object) -> None:
    """The pose and the key are named."""
    table = {"neck": [1, 1], "hip": [1, 1], "near_arm": [], "near_leg": [], "title": "x", "head": head}
    with pytest.raises(SchemaError, match="lean"):
        read_poses({"lean": table})


def test_a_pose_that_is_no_table_is_a_fault() -> None:
    """`lean = 3` is named."""
    with pytest.raises(SchemaError, match="lean: 3 is not a table"):
        read_poses({"lean": 3})
