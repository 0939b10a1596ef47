"""Relief during a cramp: what to do and a countdown, with nothing before it and nothing around it."""

import textwrap
from collections.abc import Callable

import msgspec

from remind.core.relief import ADVICE, LONG_S, advance, next_step
from remind.core.routine import Phase
from remind.core.session import Session, begin
from remind.guide.big_digits import large

KEYS = "Enter: it has eased · Space: next · q: quit"

_MOST_ROWS = 10  # of the digits, so that they don't light up a dark room
_EASED = ("\n", "\r")
_HAIR_S = 0.002  # so that the countdown has changed at each waking


class View(msgspec.Struct, frozen=True):
    """What to show: the words, the seconds left of them, and the advice once it is time for it."""

    words: str
    seconds: int
    advice: str = ""


def run(
    phases: tuple[Phase, ...],
    clock: Callable[[], float],
    wait: Callable[[float], str],
    show: Callable[[View], None],
    ring: Callable[[], None],
) -> float:
    """Guide through `phases`, over and over, until the person says that the cramp has eased.

    Args:
        show: Called whenever what to show has changed.
        ring: Called whenever what to do has changed.

    Returns:
        How many seconds passed until the cramp had eased.

    Raises:
        KeyboardInterrupt: The person quit.
    """
    begun = clock()
    session = begin(phases, begun)
    show(_view(session, begun))
    while True:
        key = wait(session.until_change_s + _HAIR_S)
        now = clock()
        if key in _EASED:
            return now - begun
        if key == "q":
            raise KeyboardInterrupt
        before, session = session, _after(session, key, now)
        if session.phase is not before.phase:
            ring()
        show(_view(session, begun))


def layout(view: View, columns: int, rows: int, *, plain: bool = False) -> list[str]:
    """Return the lines that show `view`, with the seconds as large as fits.

    If there is too little room, the keys are omitted first, then words are cut; the seconds always stay.
    """
    words, advice, keys = (_wrapped(text, columns) for text in (view.words, view.advice, KEYS))
    for above, below in (
        ([*words, ""], ["", *advice, *([""] if advice else []), *keys]),
        (words, [*advice, *keys]),
        (words, advice),
    ):
        room = min(_MOST_ROWS, rows - len(above) - len(below))
        digits = large(str(view.seconds), columns, room, plain=plain)
        if digits:
            return [*above, *digits, *below]
    cut = _wrapped(f"{view.seconds} s  {view.advice or view.words}", columns)[:rows]
    return [line[:columns] for line in cut]


def _after(session: Session, key: str, now: float) -> Session:
    before, session = session, advance(session, now)
    return next_step(session, now) if key == " " and session.phase is before.phase else session


def _wrapped(text: str, columns: int) -> list[str]:
    return textwrap.wrap(text, columns, break_long_words=False, break_on_hyphens=False)


def _view(session: Session, begun: float) -> View:
    long = session.at - begun >= LONG_S
    return View(session.phase.hear, session.shown_s, ADVICE if long else "")
