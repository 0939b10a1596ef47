"""What the session's pages say, in words and in pictures."""

import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from remind.core.drawing import Shape, drawing, from_behind, muscle_and_side
from remind.core.figure import Pose
from remind.core.routine import Phase, kind_words, side_words
from remind.core.units import format_seconds

_NAMED = re.compile(r"`([^`]+)`")


def spoken(phase: Phase) -> str:
    """Return what a voice says as `phase` begins; how to do it is said with the first of several holds alone."""
    how = "" if phase.turn > 1 else phase.hear
    words = (phase.read, side_words(phase.side).capitalize(), f"{round(phase.seconds)} seconds", how.rstrip("."))
    return ". ".join(filter(None, words)) + "."


def linked(text: str, titles: Mapping[str, str]) -> Markup:
    """Return `text` with each `routine` in backticks as a link to it, and everything else escaped."""
    parts = _NAMED.split(text)
    html = []
    for place, part in enumerate(parts):
        if place % 2 == 0:
            html.append(escape(part))
        elif part in titles:
            html.append(Markup('<a href="/stretch?routine={}">{}</a>').format(part, titles[part]))
        else:
            html.append(Markup("<code>{}</code>").format(part))
    return Markup("").join(html)


def plan_for_page(phases: tuple[Phase, ...], poses: Mapping[str, Pose]) -> dict[str, Any]:
    """Return everything that the page shows of `phases`: the words, and each picture once."""
    drawings: dict[str, Any] = {}
    views: dict[str, Any] = {}
    shown = []
    for phase, coming in zip(phases, (*phases[1:], None), strict=True):
        words = _phase_words(phase, coming)
        pose = poses.get(phase.pose or "")
        if pose is not None:
            words["drawing"] = f"{phase.pose}{'-left' if phase.side == 'left' else ''}"
            drawings[words["drawing"]] = {"title": pose.title, "shapes": _shapes(drawing(pose, phase.side))}
            words["behind"] = _view_from_behind(pose, phase, views)
        shown.append(words)
    return {"phases": shown, "drawings": drawings, "behind": views}


def _phase_words(phase: Phase, coming: Phase | None) -> dict[str, Any]:
    return {
        "kind": phase.kind,
        "seconds": phase.seconds,
        "label": kind_words(phase).capitalize(),
        "read": phase.read,
        "side": side_words(phase.side).capitalize(),
        "hear": phase.hear,
        "next": f"Next: {_in_short(coming)}" if coming else "This is the last part",
        "drawing": None,
        "behind": None,
    }


def _view_from_behind(pose: Pose, phase: Phase, views: dict[str, Any]) -> str | None:
    found = muscle_and_side(pose, phase.side)
    if found is None:
        return None
    muscle, side = found
    part = "calf" if muscle == "calf" else "back of the thigh"
    title = f"From behind: {side_words(side)}, the {part} is stretched"
    key = f"{muscle}-{side}"
    # It stands where the head isn't.
    place = "right" if pose.head[0] < 100 else "left"
    views[key] = {"title": title, "side": side, "place": place, "shapes": _shapes(from_behind(muscle, side))}
    return key


def _shapes(shapes: tuple[Shape, ...]) -> list[Any]:
    return [[shape.kind, shape.hulls] for shape in shapes]


def _in_short(phase: Phase) -> str:
    return ", ".join(filter(None, (phase.read, side_words(phase.side), format_seconds(phase.seconds))))
