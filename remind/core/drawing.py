"""The figure with rounded limbs, from the same joints as the terminal's: hulls of circles along the bones.

A drawing is a list of shapes from the furthest back to the nearest. Every pose gives the same shapes of the body in the
same order, each of as many circles, so that a page can blend two poses by blending their circles.
"""

import math
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from remind.core.figure import HEIGHT_CM, WIDTH_CM, Line, Point, Pose, Prop, for_side
from remind.core.routine import Side

Circle = tuple[float, float, float]
"""Middle and radius, in centimetres, y down from the top as pages want it."""
Hull = tuple[Circle, ...]
Which = Literal["near", "far"]

VIEW_BOX = f"0 0 {WIDTH_CM} {HEIGHT_CM + 9}"
_ANKLE_FORWARD_CM, _ANKLE_UP_CM = 5.5, 6.5
INSET_VIEW_BOX = f"-27 {HEIGHT_CM - 90} 54 94"
_BULGES = [(n / 8, math.sin(math.pi * (n / 8) ** 0.8)) for n in range(9)]
"""How far along a muscle, and how thick it is there: thickest a third of the way down."""
_DIRECTIONS = [(math.cos(math.tau * n / 40), math.sin(math.tau * n / 40)) for n in range(40)]


class Shape(msgspec.Struct, frozen=True):
    """The hulls that are painted as one path in the style of `kind`, as "skin near"."""

    kind: str
    hulls: tuple[Hull, ...]


def drawing(pose: Pose, side: Side | None) -> tuple[Shape, ...]:
    """Return the shapes of `pose` when `side` is stretched."""
    seen = for_side(pose, side)
    shapes = [
        *(shape for prop in seen.props for shape in _prop(prop)),
        _shape("floor", _limb((2, -1.4), 1.2, (198, -1.4), 1.2)),
        *_leg(seen, "far"),
        *_arm(seen, "far"),
        *_towel(seen),
        *_body(seen),
        *_leg(seen, "near"),
        # The outline of a stretched muscle of the far leg again, where the near leg may hide it.
        *(_shape("hidden", muscle) for muscle in _muscles(seen, "far")),
        *_arm(seen, "near"),
        *(_arrow(line) for line in seen.cues),
    ]
    return tuple(shapes)


def from_behind(muscle: Literal["calf", "thigh"], side: Side) -> tuple[Shape, ...]:
    """Return both legs from behind, as the person has them: left is left."""
    return (*_leg_behind(-12, muscle, side in ("left", "both")), *_leg_behind(12, muscle, side in ("right", "both")))


def muscle_and_side(pose: Pose, side: Side | None) -> tuple[Literal["calf", "thigh"], Side] | None:
    """Return what the view from behind shows: the stretched muscle, and in which leg; None if none is stretched."""
    if not pose.worked:
        return None
    both = len(pose.worked) > 1
    muscle: Literal["calf", "thigh"] = "calf" if pose.worked[0].endswith("calf") else "thigh"
    leg: Side | None = "both" if both else side
    return (muscle, leg) if leg else None


def ankle(leg: Line) -> Point:
    """Return the ankle of `leg` (knee, heel, toe): above the heel, on the knee's side of the foot."""
    knee, heel, toe = leg
    along = _unit(heel, toe)
    up = _towards(_side(along), _minus(knee, heel))
    return _plus(_plus(heel, along, _ANKLE_FORWARD_CM), up, _ANKLE_UP_CM)


def outline(hull: Hull) -> str:
    """Return the path around the circles of `hull`: in each of forty directions, the furthest point of any of them."""
    points = []
    for dx, dy in _DIRECTIONS:
        x, y, r = max(hull, key=lambda circle: circle[0] * dx + circle[1] * dy + circle[2])
        points.append(f"{x + r * dx:.1f} {y + r * dy:.1f}")
    return "M" + "L".join(dict.fromkeys(points)) + "Z"


PATTERNS = (
    '<defs><pattern id="stripes" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(38)">'
    '<rect width="4" height="4" class="stripe-a"/><rect width="1.7" height="4" class="stripe-b"/></pattern>'
    '<pattern id="bricks" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="7" height="7" class="wall-a"/><rect width="1.2" height="7" class="wall-b"/></pattern></defs>'
)
"""What a figure on a page needs once: the stripes of a stretched muscle and of the wall."""


def _shape(kind: str, *hulls: Iterable[Circle]) -> Shape:
    flipped = (tuple((round(x, 1), round(HEIGHT_CM - y, 1), round(r, 1)) for x, y, r in hull) for hull in hulls)
    return Shape(kind, tuple(flipped))


def _limb(a: Point, ra: float, b: Point, rb: float) -> Hull:
    return _circle(a, ra), _circle(b, rb)


def _circle(middle: Point, r: float) -> Circle:
    return middle[0], middle[1], r


def _leg(pose: Pose, which: Which) -> Iterator[Shape]:
    leg = pose.near_leg if which == "near" else pose.far_leg
    hip, (knee, heel, toe), joint = pose.hip, leg, ankle(leg)
    along = _unit(heel, toe)
    up = _towards(_side(along), _minus(knee, heel))
    behind = _towards(_side(_unit(knee, joint)), (-along[0], -along[1]))
    yield _shape(
        f"skin {which}",
        _limb(hip, 9.6, knee, 6.4),
        (_circle(knee, 6.2), _circle(_on(knee, joint, 0.3, behind, 1.9), 6.1), _circle(_on(knee, joint, 0.62), 4.9)),
        _limb(_on(knee, joint, 0.5), 5.2, joint, 3.9),
        (
            _circle(joint, 4.2),
            _circle(heel, 3.3),
            _circle(_plus(toe, along, -2), 2.3),
            _circle(_on(heel, toe, 0.62, up, 1.4), 3.2),
        ),
    )
    yield _shape(f"shorts {which}", _limb(hip, 10.4, _on(hip, knee, 0.62), 8.6))
    yield from (_shape("worked", muscle) for muscle in _muscles(pose, which))


def _muscles(pose: Pose, which: Which) -> Iterator[Hull]:
    leg = pose.near_leg if which == "near" else pose.far_leg
    (knee, heel, toe), joint = leg, ankle(leg)
    behind = _towards(_side(_unit(knee, joint)), _unit(toe, heel))
    if f"{which}_calf" in pose.worked:
        yield _muscle(knee, joint, (0.1, 0.66), 3.4, behind)
    if f"{which}_thigh" in pose.worked:
        # Behind the thigh is where the knee doesn't bend to: the same side as the calf when the knee is straight.
        yield _muscle(pose.hip, knee, (0.2, 0.9), 4.4, _towards(_side(_unit(pose.hip, knee)), behind))


def _muscle(a: Point, b: Point, part: tuple[float, float], away: float, behind: Point) -> Hull:
    """Return circles along the `part` of a bone, off it to the back."""
    start, end = part
    return tuple(
        _circle(_on(a, b, start + (end - start) * t, behind, away * (0.35 + 0.65 * bulge)), 2.75 + 2.25 * bulge)
        for t, bulge in _BULGES
    )


def _arm(pose: Pose, which: Which) -> Iterator[Shape]:
    neck, (elbow, hand) = pose.neck, pose.near_arm if which == "near" else pose.far_arm
    fingers = _plus(hand, _unit(elbow, hand), 1.5)
    skin = (_limb(neck, 4.8, elbow, 4.1), _limb(elbow, 4.1, hand, 2.9), _limb(hand, 3.4, fingers, 3.1))
    yield _shape(f"skin {which}", *skin)
    yield _shape(f"shirt {which}", _limb(neck, 6.3, _on(neck, elbow, 0.62), 5.4))


def _body(pose: Pose) -> Iterator[Shape]:
    head, neck, hip = pose.head, pose.neck, pose.hip
    up, spine = _unit(neck, head), _unit(hip, neck)
    front, belly = (up[1], -up[0]), (spine[1], -spine[0])

    def face(forward: float, upward: float) -> Point:
        return _plus(_plus(head, front, forward), up, upward)

    yield _shape(
        "skin near",
        _limb(_plus(neck, spine, 5), 5, head, 5),
        (_circle(head, 9.6), _circle(face(1.6, -3.6), 7.4)),
        (_circle(face(8.6, -0.5), 1.3), _circle(face(10.4, -2.2), 1.5), _circle(face(7, -2.6), 2)),
    )
    yield _shape(
        "shirt near",
        (
            _circle(_plus(_plus(neck, spine, -1), belly, -0.6), 8.2),
            _circle(_on(neck, hip, 0.3, belly, 1), 11.2),
            _circle(_on(neck, hip, 0.66, belly, 0.6), 10.2),
            _circle(_plus(hip, spine, 4), 10.6),
        ),
    )
    yield _shape("hair", (_circle(face(-2.8, 2.6), 8.6), _circle(face(-5.2, -1.5), 5.2), _circle(face(3.2, 7), 4.2)))
    yield _shape("ear", [_circle(face(-1.2, -1.4), 1.9)])
    yield _shape("eye", [_circle(face(6.4, 1.2), 0.95)])


def _towel(pose: Pose) -> Iterator[Shape]:
    if "towel" not in pose.props:
        return
    _, heel, toe = pose.far_leg if "far_calf" in pose.worked else pose.near_leg
    hand, ball, along = pose.near_arm[1], _on(heel, toe, 0.82), _unit(heel, toe)
    pull = _unit(hand, ball)
    end = _plus(_plus(ball, pull, 4.2), along, 1.5)
    yield _shape("towel", _limb(_plus(hand, pull, -7), 2.2, end, 2.2))


def _prop(prop: Prop) -> Iterator[Shape]:
    if prop in ("wall", "wall-far"):
        x = 172 if prop == "wall" else 180
        yield _shape("wall", _box(x, -2, 12, 187, 0.1))
        yield _shape("edge", _limb((x, 0), 1.2, (x, 184), 1.2))
    elif prop == "bed":
        yield _shape("wood", _box(14, 0, 5, 62, 2), _box(183, 0, 5, 34, 2), _box(16, 6, 170, 6, 2))
        yield _shape("linen", _box(18, 11, 167, 13.5, 5))
        yield _shape("linen", _box(20, 24, 11, 34, 5))
    elif prop.startswith("chair"):
        bars: tuple[tuple[Point, Point, float], ...] = (
            ((48, 95), (50, 45), 2.4),
            ((50, 42), (48, 2.4), 2.2),
            ((90, 42), (92, 2.4), 2.2),
            ((50, 42.4), (92, 42.4), 2.6),
            ((50, 20), (90, 20), 1.2),
        )
        if prop == "chair-facing-left":
            bars = tuple(((216 - x, y), (216 - u, v), width) for (x, y), (u, v), width in bars)
        yield _shape("wood", *(_limb(a, width, b, width) for a, b, width in bars))


def _box(x: float, y: float, width: float, height: float, r: float) -> Hull:
    left, right, low, high = x + r, x + width - r, y + r, y + height - r
    return ((left, low, r), (right, low, r), (right, high, r), (left, high, r))


def _arrow(line: Line) -> Shape:
    start, end = line
    along = _unit(start, end)
    across, neck = _side(along), _plus(end, along, -7)
    head = (_limb(_plus(neck, across, side), 1.8, end, 1.8) for side in (6, -6))
    return _shape("cue", _limb(start, 1.8, _plus(end, along, -2), 1.8), *head)


def _leg_behind(x: float, muscle: Literal["calf", "thigh"], on: bool) -> Iterator[Shape]:
    out, tone = math.copysign(1, x), "near" if on else "idle"

    def at(dx: float, y: float) -> Point:
        return x + dx * out, y

    yield _shape(
        f"skin {tone}",
        _limb((x, 62), 8.6, (x, 47), 6),
        (_circle(at(0, 46), 6), _circle(at(0.6, 35), 7.4), _circle(at(0, 20), 4.6)),
        _limb((x, 24), 4.8, (x, 9), 3.8),
        _limb(at(0, 7), 4.4, at(1.6, 3.4), 3.8),
    )
    corners = (((x - 9.5, 88), 0.5), ((x + 9.5, 88), 0.5), ((x - 8.6, 60), 1.0), ((x + 8.6, 60), 1.0))
    yield _shape(f"shorts {tone}", [_circle(middle, r) for middle, r in corners])
    if on:
        top, bottom, most = (43, 22, 6.2) if muscle == "calf" else (76, 50, 7.0)
        yield _shape("worked", ((x + 0.4 * out, top + (bottom - top) * t, most * (0.6 + 0.4 * b)) for t, b in _BULGES))


def _plus(a: Point, b: Point, k: float = 1) -> Point:
    return a[0] + b[0] * k, a[1] + b[1] * k


def _minus(a: Point, b: Point) -> Point:
    return a[0] - b[0], a[1] - b[1]


def _on(a: Point, b: Point, t: float, off: Point = (0, 0), k: float = 0) -> Point:
    """Return the point `t` of the way from `a` to `b`, moved by `k` along `off`."""
    return a[0] + (b[0] - a[0]) * t + off[0] * k, a[1] + (b[1] - a[1]) * t + off[1] * k


def _unit(a: Point, b: Point) -> Point:
    length = math.dist(a, b) or 1
    return (b[0] - a[0]) / length, (b[1] - a[1]) / length


def _side(a: Point) -> Point:
    return -a[1], a[0]


def _towards(a: Point, b: Point) -> Point:
    """Return `a`, or its opposite, whichever points to the side of `b`."""
    return a if a[0] * b[0] + a[1] * b[1] > 0 else (-a[0], -a[1])
