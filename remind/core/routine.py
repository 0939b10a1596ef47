"""A routine as its file describes it, and its plan: a flat list of timed phases."""

from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Literal

import msgspec

from remind.core.schema import Fault, SchemaError, nearest, one_line, read, show, within
from remind.core.units import format_duration

Side = Literal["both", "left", "right"]
Kind = Literal["ready", "hold", "rest", "swap", "finish"]

SEATED = "trial-seated"
"""The routine to offer to a person who is unsteady on their feet."""

LONGEST_HOLD = timedelta(minutes=10)
LONGEST_ROUTINE = timedelta(minutes=60)
MOST_STEPS = 50
MOST_TIMES = 60

_Sentence = Annotated[str, one_line(400)]
_LENGTH = within(timedelta(seconds=1), LONGEST_HOLD)
_REST = ("Ease off", "Let go, and breathe.")
_SWAP = ("Swap legs", "Change to the other leg.")
_KINDS: dict[Kind, str] = {"ready": "get ready", "hold": "hold", "rest": "rest", "swap": "change", "finish": "finish"}


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a routine: `times` holds of `hold` with `rest` between them, or one `wait`.

    With the side "alternate", `times` counts for each leg, left first, and `rest` is the time to change legs.
    """

    read: Annotated[str, one_line(24)]
    hear: Annotated[str, one_line(200)]
    hold: Annotated[timedelta | None, _LENGTH] = None
    wait: Annotated[timedelta | None, _LENGTH] = None
    times: Annotated[int, within(1, MOST_TIMES)] = 1
    rest: Annotated[timedelta, within(timedelta(0), LONGEST_HOLD)] = timedelta()
    rest_pose: str | None = None
    pose: str | None = None
    side: Literal["both", "left", "right", "alternate"] | None = None

    def __post_init__(self) -> None:
        if (self.hold is None) == (self.wait is None):
            raise ValueError("needs either `hold` (a stretch) or `wait` (time to get ready), not both")
        if self.wait is not None and (self.times != 1 or self.rest):
            raise ValueError("is a `wait`, which happens once; `times` and `rest` go with a `hold`")


class Routine(msgspec.Struct, frozen=True, kw_only=True):
    """The contents of a routine file; its name is the name of the file."""

    title: Annotated[str, one_line(60)]
    summary: _Sentence
    steps: tuple[Step, ...] = msgspec.field(name="step")
    sources: tuple[_Sentence, ...] = ()
    choices: tuple[_Sentence, ...] = ()
    cautions: tuple[_Sentence, ...] = ()
    bell: bool = True


class Phase(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which only the countdown changes; a hold is number `turn` of the `turns` of its step."""

    kind: Kind
    seconds: float
    read: str
    hear: str
    side: Side | None = None
    pose: str | None = None
    turn: int = 0
    turns: int = 0


def read_routine(table: Mapping[str, object], poses: Collection[str]) -> Routine:
    """Return the routine that `table` describes, whose steps may show `poses`.

    Raises:
        SchemaError: with one fault for each key that is unknown, missing, wrong or outside its limits.
    """
    routine = read(table, Routine, _step_faults(table.get("step"), poses))
    faults = list(_whole_faults(routine))
    if faults:
        raise SchemaError(faults)
    return routine


def plan(routine: Routine) -> tuple[Phase, ...]:
    """Return the phases of `routine` in order: its waits, and its holds with the rests between them."""
    last = len(routine.steps) - 1
    phases: list[Phase] = []
    for place, step in enumerate(routine.steps):
        if step.hold is not None:
            phases.extend(_holds(step, step.hold))
        elif step.wait is not None:
            kind: Kind = "ready" if place == 0 else "finish" if place == last else "swap"
            side = None if step.side == "alternate" else step.side
            seconds = step.wait.total_seconds()
            phases.append(Phase(kind=kind, seconds=seconds, read=step.read, hear=step.hear, side=side, pose=step.pose))
    return tuple(phases)


def whole_s(phases: Collection[Phase]) -> float:
    """Return how many seconds `phases` last."""
    return sum(phase.seconds for phase in phases)


def planned_s(phases: Collection[Phase]) -> float:
    """Return how many seconds `phases` are to be held."""
    return sum(phase.seconds for phase in phases if phase.kind == "hold")


def side_words(side: Side | None) -> str:
    """Return the side in words: "left leg", "both legs", or nothing."""
    return "" if side is None else "both legs" if side == "both" else f"{side} leg"


def kind_words(phase: Phase) -> str:
    """Return what kind of phase it is, and which of several: "hold 2 of 4"."""
    turn = f" {phase.turn} of {phase.turns}" if phase.turns > 1 else ""
    return _KINDS[phase.kind] + turn


def _holds(step: Step, hold: timedelta) -> Iterator[Phase]:
    sides: tuple[Side | None, ...] = ("left", "right") if step.side == "alternate" else (step.side,)
    order = sides * step.times
    rest_s, rest_pose = step.rest.total_seconds(), step.rest_pose or step.pose
    for turn, side in enumerate(order, start=1):
        if turn > 1 and rest_s:
            if step.side == "alternate":
                yield Phase(kind="swap", seconds=rest_s, read=_SWAP[0], hear=_SWAP[1], side=side, pose=rest_pose)
            else:
                yield Phase(kind="rest", seconds=rest_s, read=_REST[0], hear=_REST[1], pose=rest_pose)
        yield Phase(
            kind="hold",
            seconds=hold.total_seconds(),
            read=step.read,
            hear=step.hear,
            side=side,
            pose=step.pose,
            turn=turn,
            turns=len(order),
        )


def _step_faults(steps: object, poses: Collection[str]) -> Iterator[Fault]:
    """Yield the faults of the steps that no single type or limit can show."""
    if not isinstance(steps, list | tuple):
        return
    if not 1 <= len(steps) <= MOST_STEPS:
        yield Fault(("step",), f"{len(steps)} steps is not between 1 and {MOST_STEPS} steps")
    for place, step in enumerate(steps):
        for key in ("pose", "rest_pose"):
            pose = step.get(key) if isinstance(step, Mapping) else None
            if isinstance(pose, str) and pose not in poses:
                yield Fault(("step", place, key), f"{show(pose)} is not a known pose. {nearest(pose, poses)}")


def _whole_faults(routine: Routine) -> Iterator[Fault]:
    phases = plan(routine)
    if not planned_s(phases):
        yield Fault(("step",), "no step has a `hold`, so there is nothing to hold; give one step a `hold`")
    whole = timedelta(seconds=whole_s(phases))
    if whole > LONGEST_ROUTINE:
        lengths = f"{format_duration(whole)} in all is longer than {format_duration(LONGEST_ROUTINE)}"
        yield Fault(("step",), f"{lengths}; lower `times`, or shorten the holds")
