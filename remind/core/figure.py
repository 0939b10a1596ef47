"""The figure: one set of joints for the terminal (braille), for the page and for the README (rounded limbs).

Joints are in centimetres, x to the right and y up from the floor, of a person 170 cm tall seen from the side
who faces right. For the left leg near and far leg change places, so that the wall stays where it is.
"""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

import msgspec
from msgspec.structs import replace

from remind.core.routine import Side

WIDTH_CM = 200
HEIGHT_CM = 185
_HEAD_CM = 11

Role = Literal["prop", "body", "worked"]
Muscle = Literal["near_calf", "far_calf", "near_thigh", "far_thigh"]
Prop = Literal["wall", "wall-far", "chair-facing-left", "chair-facing-right", "bed", "towel"]
Point = tuple[float, ...]
Line = tuple[Point, ...]
Run = tuple[str, Role | None]

# Dots of a braille cell, two across and four down, as Unicode numbers them from U+2800.
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_BLANK = 0x2800

_OTHER_LEG: dict[Muscle, Muscle] = {
    "near_calf": "far_calf",
    "far_calf": "near_calf",
    "near_thigh": "far_thigh",
    "far_thigh": "near_thigh",
}
_PROP_LINES: dict[Prop, tuple[Line, ...]] = {
    "wall": (((172, 0), (172, 182)),),
    "wall-far": (((180, 0), (180, 182)),),
    "chair-facing-right": (((48, 0), (48, 92)), ((48, 44), (92, 44), (92, 0))),
    "chair-facing-left": (((168, 0), (168, 92)), ((168, 44), (124, 44), (124, 0))),
    "bed": (((14, 18), (186, 18)), ((16, 0), (16, 62)), ((186, 0), (186, 34))),
}


class Pose(msgspec.Struct, frozen=True, kw_only=True):
    """Where the joints are: arms from the neck (elbow, hand), legs from the hip (knee, heel, toe)."""

    title: str
    head: Point
    neck: Point
    hip: Point
    near_arm: Line
    far_arm: Line
    near_leg: Line
    far_leg: Line
    props: tuple[Prop, ...] = ()
    worked: tuple[Muscle, ...] = ()
    cues: tuple[Line, ...] = ()

    def __post_init__(self) -> None:
        lines = (self.near_arm, self.far_arm, self.near_leg, self.far_leg, *self.cues)
        points = [self.head, self.neck, self.hip, *(point for line in lines for point in line)]
        if any(len(p) != 2 or not (0 <= p[0] <= WIDTH_CM and 0 <= p[1] <= HEIGHT_CM) for p in points):
            raise ValueError(f"has a point that is not [x, y] within {WIDTH_CM} × {HEIGHT_CM} cm")
        if tuple(map(len, lines)) != (2, 2, 3, 3, *(2 for _ in self.cues)):
            raise ValueError("needs 2 points in an arm, 3 in a leg and 2 in a cue")


def for_side(pose: Pose, side: Side | None) -> Pose:
    """Return `pose` as seen when `side` is stretched: for the left, near and far leg change places."""
    if side != "left":
        return pose
    worked = tuple(_OTHER_LEG[muscle] for muscle in pose.worked)
    return replace(pose, near_leg=pose.far_leg, far_leg=pose.near_leg, worked=worked)


def braille(pose: Pose, side: Side | None, columns: int, rows: int) -> list[list[Run]]:
    """Return the picture as `rows` lines of `columns` braille cells; a line is runs of text with the role to colour."""
    scale = min(columns * 2 / WIDTH_CM, rows * 4 / HEIGHT_CM)
    inset = (columns * 2 - WIDTH_CM * scale) / 2
    cells = [[0] * columns for _ in range(rows)]
    roles: list[list[Role | None]] = [[None] * columns for _ in range(rows)]
    for role, points in strokes(for_side(pose, side)):
        # A limb is two dots thick where the picture is large enough for that, so that it is seen from afar.
        thick = 0.5 if role == "prop" or scale < 0.2 else 1.0
        for x, y in _along(points, 0.5 / scale):
            for across, down in _blot(inset + x * scale, rows * 4 - 1 - y * scale, thick):
                column, row = across // 2, down // 4
                if 0 <= column < columns and 0 <= row < rows:
                    cells[row][column] |= _DOTS[down % 4][across % 2]
                    roles[row][column] = role
    return [list(_runs(line, kinds)) for line, kinds in zip(cells, roles, strict=True)]


def strokes(pose: Pose) -> Iterator[tuple[Role, Line]]:
    """Yield the lines of `pose` for the terminal, from the one furthest back to the nearest."""
    for prop in pose.props:
        for line in _PROP_LINES.get(prop, ()):
            yield "prop", line
    if "towel" in pose.props:
        held = pose.far_leg if "far_calf" in pose.worked else pose.near_leg
        yield "prop", (pose.near_arm[1], held[2])
    yield from _leg(pose, "far")
    yield "body", (pose.neck, *pose.far_arm)
    yield "body", (pose.neck, pose.hip)
    x, y = pose.head
    turns = (math.tau * n / 16 for n in range(17))
    yield (
        "body",
        tuple((round(x + _HEAD_CM * math.cos(a), 1), round(y + _HEAD_CM * math.sin(a), 1)) for a in turns),
    )
    yield from _leg(pose, "near")
    yield "body", (pose.neck, *pose.near_arm)


def _leg(pose: Pose, which: Literal["near", "far"]) -> Iterator[tuple[Role, Line]]:
    """Yield the thigh, the calf and the foot apart, so that only the part that is stretched is marked."""
    knee, heel, toe = pose.near_leg if which == "near" else pose.far_leg
    yield ("worked" if f"{which}_thigh" in pose.worked else "body"), (pose.hip, knee)
    yield ("worked" if f"{which}_calf" in pose.worked else "body"), (knee, heel)
    yield "body", (heel, toe)


def _along(points: Line, pace: float) -> Iterator[Point]:
    """Yield points on the line through `points`, no further than `pace` apart."""
    yield points[0]
    for (x0, y0), (x1, y1) in pairwise(points):
        parts = max(1, math.ceil(math.hypot(x1 - x0, y1 - y0) / pace))
        for n in range(1, parts + 1):
            yield x0 + (x1 - x0) * n / parts, y0 + (y1 - y0) * n / parts


def _blot(x: float, y: float, thick: float) -> set[tuple[int, int]]:
    """Return the dots that a pen of half-width `thick` covers at a point."""
    ends = (-thick / 2, thick / 2)
    return {(math.floor(x + dx + 0.5), math.floor(y + dy + 0.5)) for dx in ends for dy in ends}


def _runs(line: list[int], kinds: list[Role | None]) -> Iterator[Run]:
    start = 0
    for place in range(1, len(line) + 1):
        if place == len(line) or kinds[place] != kinds[start]:
            text = "".join(chr(_BLANK + dots) if dots else " " for dots in line[start:place])
            yield text, kinds[start]
            start = place
