"""The stick figure: one set of points for the terminal (braille) and for pages (SVG).

Points are in centimetres, x to the right and y up from the floor, of a person 170 cm tall seen from the side
who faces right. The near leg is the one that works, here the right one; for the left the picture is mirrored.
"""

import math
from collections.abc import Iterator, Mapping
from html import escape
from itertools import pairwise
from typing import Literal

import msgspec

from remind.core.routine import Side
from remind.core.schema import read

WIDTH_CM = 200
HEIGHT_CM = 185
_HEAD_CM = 11

Role = Literal["prop", "body", "worked"]
Limb = Literal["near_leg", "far_leg", "near_arm", "far_arm"]
Point = tuple[float, float]
Run = tuple[str, Role | None]

# Dots of a braille cell, two across and four down, as Unicode numbers them from U+2800.
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_BLANK = 0x2800


class Pose(msgspec.Struct, frozen=True, kw_only=True):
    """Where the joints are: arms from the neck (elbow, hand), legs from the hip (knee, heel, toe)."""

    title: str
    head: tuple[int, ...]
    neck: tuple[int, ...]
    hip: tuple[int, ...]
    near_arm: tuple[tuple[int, ...], ...]
    far_arm: tuple[tuple[int, ...], ...] = ()
    near_leg: tuple[tuple[int, ...], ...]
    far_leg: tuple[tuple[int, ...], ...] = ()
    props: tuple[tuple[tuple[int, ...], ...], ...] = ()
    worked: tuple[Limb, ...] = ()

    def __post_init__(self) -> None:
        lines = (self.near_arm, self.far_arm, self.near_leg, self.far_leg, *self.props)
        points = [self.head, self.neck, self.hip, *(point for line in lines for point in line)]
        if any(len(p) != 2 or not (0 <= p[0] <= WIDTH_CM and 0 <= p[1] <= HEIGHT_CM) for p in points):
            raise ValueError(f"has a point that is not [x, y] within {WIDTH_CM} × {HEIGHT_CM} cm")


class Stroke(msgspec.Struct, frozen=True):
    """One line of the picture, through its points."""

    role: Role
    points: tuple[Point, ...]


def read_poses(table: Mapping[str, object]) -> dict[str, Pose]:
    """The poses that `table` describes, by name.

    Raises:
        SchemaError: with one fault for each key that is wrong.
    """
    return read(table, dict[str, Pose])


def strokes(pose: Pose, side: Side | None) -> tuple[Stroke, ...]:
    """The lines of `pose`, from the one furthest back to the nearest; mirrored for the left side."""
    return tuple(
        Stroke(role, tuple((WIDTH_CM - x if side == "left" else x, y) for x, y in points))
        for role, points in _lines(pose)
        if points
    )


def braille(pose: Pose, side: Side | None, columns: int, rows: int) -> list[list[Run]]:
    """The picture as `rows` lines of `columns` braille cells; a line is runs of text with the role to colour."""
    scale = min(columns * 2 / WIDTH_CM, rows * 4 / HEIGHT_CM)
    inset = (columns * 2 - WIDTH_CM * scale) / 2
    cells = [[0] * columns for _ in range(rows)]
    roles: list[list[Role | None]] = [[None] * columns for _ in range(rows)]
    for stroke in strokes(pose, side):
        # A limb is two dots thick where the picture is large enough for that, so that it is seen from afar.
        thick = 0.5 if stroke.role == "prop" or scale < 0.2 else 1.0
        for x, y in _along(stroke.points, 0.5 / scale):
            for across, down in _blot(inset + x * scale, rows * 4 - 1 - y * scale, thick):
                column, row = across // 2, down // 4
                if 0 <= column < columns and 0 <= row < rows:
                    cells[row][column] |= _DOTS[down % 4][across % 2]
                    roles[row][column] = stroke.role
    return [list(_runs(line, kinds)) for line, kinds in zip(cells, roles, strict=True)]


def svg(pose: Pose, side: Side | None) -> str:
    """The picture as an SVG element with the pose's title; each line has its role as class."""
    lines = "".join(
        f'<polyline class="{stroke.role}" points="'
        + " ".join(f"{x:g},{HEIGHT_CM - y:g}" for x, y in stroke.points)
        + '"/>'
        for stroke in strokes(pose, side)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH_CM} {HEIGHT_CM}" role="img" '
        'fill="none" stroke="currentColor" stroke-width="6" stroke-linecap="round" stroke-linejoin="round">'
        f"<title>{escape(pose.title, quote=False)}</title>{lines}</svg>"
    )


def _lines(pose: Pose) -> Iterator[tuple[Role, tuple[Point, ...]]]:
    for prop in pose.props:
        yield "prop", _points(prop)
    yield _role(pose, "far_leg"), _points((pose.hip, *pose.far_leg) if pose.far_leg else ())
    yield _role(pose, "far_arm"), _points((pose.neck, *pose.far_arm) if pose.far_arm else ())
    yield "body", _points((pose.neck, pose.hip))
    x, y = pose.head
    turns = (math.tau * n / 16 for n in range(17))
    yield (
        "body",
        tuple((round(x + _HEAD_CM * math.cos(a), 1), round(y + _HEAD_CM * math.sin(a), 1)) for a in turns),
    )
    yield _role(pose, "near_leg"), _points((pose.hip, *pose.near_leg))
    yield _role(pose, "near_arm"), _points((pose.neck, *pose.near_arm))


def _role(pose: Pose, limb: Limb) -> Role:
    return "worked" if limb in pose.worked else "body"


def _points(line: tuple[tuple[int, ...], ...]) -> tuple[Point, ...]:
    return tuple((float(x), float(y)) for x, y in line)


def _along(points: tuple[Point, ...], pace: float) -> Iterator[Point]:
    """Points on the line through `points`, no further than `pace` apart."""
    yield points[0]
    for (x0, y0), (x1, y1) in pairwise(points):
        parts = max(1, math.ceil(math.hypot(x1 - x0, y1 - y0) / pace))
        for n in range(1, parts + 1):
            yield x0 + (x1 - x0) * n / parts, y0 + (y1 - y0) * n / parts


def _blot(x: float, y: float, thick: float) -> set[tuple[int, int]]:
    """The dots that a pen of half-width `thick` covers at a point."""
    ends = (-thick / 2, thick / 2)
    return {(math.floor(x + dx + 0.5), math.floor(y + dy + 0.5)) for dx in ends for dy in ends}


def _runs(line: list[int], kinds: list[Role | None]) -> Iterator[Run]:
    start = 0
    for place in range(1, len(line) + 1):
        if place == len(line) or kinds[place] != kinds[start]:
            text = "".join(chr(_BLANK + dots) if dots else " " for dots in line[start:place])
            yield text, kinds[start]
            start = place
