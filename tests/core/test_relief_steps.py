"""Relief repeats its steps until the person ends it."""

from remind.core.relief import LONG, advance, in_full, next_step
from remind.core.routine import Phase
from remind.core.session import begin

PHASES = (
    Phase(kind="hold", seconds=30, read="Pull", hear="Pull the toes.", turn=1, turns=2),
    Phase(kind="rest", seconds=5, read="Ease off", hear="Let go."),
    Phase(kind="hold", seconds=30, read="Pull", hear="Pull the toes.", turn=2, turns=2),
    Phase(kind="hold", seconds=60, read="Rub", hear="Rub the calf."),
)


def test_the_next_step_is_past_all_repeats_also_from_a_rest() -> None:
    """Rubbing comes next after the first hold and after its rest, and then the first hold again."""
    session = begin(PHASES, 0)
    assert next_step(session, 10).phase.read == "Rub"
    resting = advance(session, 4).next(4)
    assert resting.phase.kind == "rest"
    assert next_step(resting, 5).phase.read == "Rub"
    assert next_step(next_step(resting, 5), 6).index == 0


def test_it_begins_again_at_its_end_and_after_sleep_goes_on() -> None:
    """The end of the plan or a sleeping computer does not end the guidance."""
    session = begin(PHASES, 0)
    for second in range(1, 126):
        session = advance(session, second)
    assert (session.index, session.state) == (0, "running")
    assert advance(session, 4000).state == "running"


def test_everything_can_be_said_at_once() -> None:
    """The text has each step with its seconds, and the advice."""
    assert in_full(PHASES)[0] == "30 s  Pull the toes."
    assert LONG in in_full(PHASES)[-1]
