"""What the tests of the guides share: a short plan, and a clock that is moved by hand."""

from pathlib import Path

from remind import files
from remind.core.routine import Phase, plan
from remind.desktop.sound import Sounds
from remind.guide.guidance import Guidance
from remind.settings import routines
from remind.settings.routines import load

SHIPPED = files.shipped() / "routines"


class HandClock:
    """Monotonic seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.t = 1000.0

    def __call__(self) -> float:
        return self.t


def shipped(name: str) -> Path:
    return SHIPPED / f"{name}.toml"


def guidance_of(
    name: str,
    clock: HandClock,
    bell: bool = True,
    phases: tuple[Phase, ...] | None = None,
) -> Guidance:
    """Guidance through a shipped routine."""
    routine = load(shipped(name))
    return Guidance(
        title=routine.title,
        cautions=routine.cautions,
        phases=phases or plan(routine),
        poses=routines.poses(),
        clock=clock,
        sounds=Sounds(chime=bell, environ={"PATH": ""}),
    )
