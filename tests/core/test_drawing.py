"""The figure with rounded limbs: what a page and the README show."""

import os
import re
from pathlib import Path

import pytest

import remind
from remind.core.drawing import PATTERNS, VIEW_BOX, Shape, drawing, from_behind, muscle_and_side, outline
from remind.core.figure import Pose
from remind.core.routine import Side
from remind.settings.routines import poses

SHIPPED = poses()
ROOT = Path(remind.__file__).parent.parent
PICTURE = ROOT / ".github" / "figure.svg"


def kinds(shapes: tuple[Shape, ...]) -> list[str]:
    return [shape.kind for shape in shapes]


def test_an_outline_encloses_its_circles() -> None:
    """The hull of two circles reaches as far as they do, and no further."""
    numbers = list(map(float, re.findall(r"-?[\d.]+", outline(((0, 0, 3), (10, 0, 1))))))
    xs, ys = numbers[::2], numbers[1::2]
    assert (min(xs), max(xs), min(ys), max(ys)) == (-3, 11, -3, 3)


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("side", ["left", "right"])
def test_every_pose_has_the_same_body(name: str, side: Side) -> None:
    """As many shapes of as many circles, in the same order, so that any two poses can be blended."""

    def body(one: str) -> list[tuple[str, list[int]]]:
        shapes = drawing(SHIPPED[one], side)
        return [(s.kind, list(map(len, s.hulls))) for s in shapes if s.kind.endswith(("near", "far", "hair", "eye"))]

    assert body(name) == body("stand")


def test_the_stretched_muscle_is_marked_in_the_leg_that_is_meant() -> None:
    """Right: in front of everything. Left: on the far leg, and outlined once more over what hides it."""
    pose = SHIPPED["wall-lean-single"]
    right, left = kinds(drawing(pose, "right")), kinds(drawing(pose, "left"))
    assert right.index("worked") > right.index("hair") > left.index("worked")
    assert ("hidden" in left, "hidden" in right) == (True, False)
    assert kinds(drawing(SHIPPED["stand"], None)).count("worked") == 0


def test_the_view_from_behind_has_left_on_the_left() -> None:
    """The leg that is not meant is grey, and no muscle is marked on it."""
    left = from_behind("calf", "left")
    (worked,) = (shape for shape in left if shape.kind == "worked")
    assert all(x < 0 for x, _, _ in worked.hulls[0])
    assert kinds(from_behind("thigh", "both")).count("worked") == 2


def test_what_the_view_from_behind_shows() -> None:
    """Both calves of a lean, whatever is said; one leg as the phase says; nothing where nothing is stretched."""
    assert muscle_and_side(SHIPPED["wall-lean"], "both") == ("calf", "both")
    assert muscle_and_side(SHIPPED["hamstring"], "left") == ("thigh", "left")
    assert muscle_and_side(SHIPPED["hamstring"], None) is None
    assert muscle_and_side(SHIPPED["stand"], None) is None


def test_arrows_and_props_are_drawn() -> None:
    """Heel down and lean at the wall; a towel in bed."""
    assert kinds(drawing(SHIPPED["wall-lean"], "both")).count("cue") == 2
    assert "wall" in kinds(drawing(SHIPPED["wall-lean"], "both"))
    assert {"towel", "linen", "wood"} <= set(kinds(drawing(SHIPPED["towel"], "left")))


def svg(pose: Pose, side: Side, style: str) -> str:
    """Return the picture as a file of its own, painted by the style sheet `style`."""
    paths = [f'<path class="{shape.kind}" d="{"".join(map(outline, shape.hulls))}"/>' for shape in drawing(pose, side)]
    shapes = "\n".join(paths)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="figure" viewBox="{VIEW_BOX}" role="img">'
        f"<title>{pose.title}</title>\n<style>{style}</style>\n{PATTERNS}\n{shapes}\n</svg>\n"
    )


def test_the_readme_picture_is_the_present_figure() -> None:
    """The wall stretch of one leg, from the points that the terminal and the page draw."""
    style = (ROOT / "remind" / "page" / "static" / "figure.css").read_text(encoding="utf-8")
    drawn = svg(SHIPPED["wall-lean-single"], "right", f":root {{ color-scheme: light dark; }}\n{style}")
    if os.environ.get("REMIND_RENEW"):
        PICTURE.write_text(drawn, encoding="utf-8")
    assert PICTURE.read_text(encoding="utf-8") == drawn
