"""Routines read from tables, their limits, and the plans they make."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remind.core.routine import Phase, Side, plan, planned_s, read_routine, side_words, whole_s
from remind.core.schema import SchemaError

POSES = ("wall-lean", "stand")


def table(*steps: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return {"title": "Mine", "summary": "A stretch.", "step": list(steps), **keys}


def step(**keys: Any) -> dict[str, Any]:
    return {"read": "Lean in", "hear": "Lean in now.", **keys}


def faults_of(found: dict[str, Any]) -> list[str]:
    with pytest.raises(SchemaError) as caught:
        read_routine(found, POSES)
    return [str(fault) for fault in caught.value.faults]


def test_a_plan_is_the_holds_with_rests_between_and_waits_around() -> None:
    """The plan has a wait, two holds with a rest between them, and a wait, with the words and poses of the file."""
    lean = step(hold="30 s", times=2, rest="10 s", side="both", pose="wall-lean", rest_pose="stand")
    get_ready = step(read="Ready", hear="Stand at a wall.", wait="15 s", side="left", pose="stand")
    phases = plan(read_routine(table(get_ready, lean, step(read="Done", hear="Well done.", wait="5 s")), POSES))
    hold = {"kind": "hold", "seconds": 30, "read": "Lean in", "hear": "Lean in now.", "side": "both", "turns": 2}
    assert phases == (
        Phase(kind="ready", seconds=15, read="Ready", hear="Stand at a wall.", side="left", pose="stand"),
        Phase(**hold, pose="wall-lean", turn=1),
        Phase(kind="rest", seconds=10, read="Ease off", hear="Let go, and breathe.", pose="stand"),
        Phase(**hold, pose="wall-lean", turn=2),
        Phase(kind="finish", seconds=5, read="Done", hear="Well done."),
    )
    assert (whole_s(phases), planned_s(phases)) == (90, 60)


def test_a_rest_keeps_the_pose_of_its_hold_unless_it_has_its_own() -> None:
    """The change of legs is drawn as the hold is, with the coming leg."""
    phases = plan(read_routine(table(step(hold="10 s", rest="5 s", side="alternate", pose="wall-lean")), POSES))
    swap = Phase(kind="swap", seconds=5, read="Swap legs", hear="Change to the other leg.", side="right")
    assert phases[1] == msgspec.structs.replace(swap, pose="wall-lean")


def test_a_wait_on_alternating_legs_shows_no_leg() -> None:
    """It happens once, so it cannot be of one leg and then of the other."""
    ready, _ = plan(read_routine(table(step(wait="5 s", side="alternate"), step(hold="10 s")), POSES))
    assert ready.side is None


def test_holds_without_a_rest_follow_on_each_other() -> None:
    """No rest of zero seconds is shown between them."""
    phases = plan(read_routine(table(step(hold="10 s", times=3)), POSES))
    assert [phase.kind for phase in phases] == ["hold", "hold", "hold"]


@pytest.mark.parametrize(("side", "words"), [(None, ""), ("both", "both legs"), ("left", "left leg")])
def test_a_side_is_told_in_words(side: Side | None, words: str) -> None:
    """Without a side, nothing is said."""
    assert side_words(side) == words


def test_alternating_counts_for_each_leg_left_first() -> None:
    """Twice for each leg is four holds, with three changes that already name the coming leg."""
    phases = plan(read_routine(table(step(hold="10 s", times=2, rest="5 s", side="alternate")), POSES))
    assert [(phase.kind, phase.side) for phase in phases] == [
        ("hold", "left"),
        ("swap", "right"),
        ("hold", "right"),
        ("swap", "left"),
        ("hold", "left"),
        ("swap", "right"),
        ("hold", "right"),
    ]
    assert phases[-1].turns == 4


def test_a_wait_between_two_steps_is_a_change_of_place() -> None:
    """A wait that is neither first nor last is time to get to the next step."""
    phases = plan(read_routine(table(step(hold="10 s"), step(wait="20 s"), step(hold="10 s")), POSES))
    assert [phase.kind for phase in phases] == ["hold", "swap", "hold"]


@pytest.mark.parametrize("key", ["hold", "wait"])
@pytest.mark.parametrize("time", ["0 s", "0.5 s", "10 min 1 s", "1 d"])
def test_a_time_outside_its_limits_is_named(key: str, time: str) -> None:
    """The message has the key, the value, and what would be right."""
    steps = [step(hold="10 s"), step(**{key: time})]
    (fault,) = faults_of(table(*steps))
    assert fault.startswith(f"step 2: {key}: ")
    assert fault.endswith("is not between 1 s and 10 min")


@pytest.mark.parametrize("time", ["-30 s", "soon", 30, "", "400 days", True])
def test_what_is_no_duration_is_named(time: object) -> None:
    """Negative, worded, bare, empty and endless times are refused."""
    (fault,) = faults_of(table(step(hold=time)))
    assert fault.startswith("step 1: hold: ")


def test_every_fault_is_told_at_once() -> None:
    """Five faults of a routine make five lines."""
    bad = step(hold="10 s", times=0, rest="11 min", pose="wall-leam", rest_pose="moon")
    faults = faults_of(table(bad, title="\x1b[2J"))
    assert len(faults) == 5
    assert "Did you mean 'wall-lean'?" in "".join(faults)
    assert "\x1b" not in "".join(faults)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (table(), "0 steps"),
        (table(step(wait="10 s")), "no step has a `hold`"),
        (table(step()), "needs either"),
        (table(step(hold="5 s", wait="5 s")), "needs either"),
        (table(step(wait="5 s", times=2)), "which happens once"),
        (table(step(hold="10 min", times=7)), "longer than 1 h"),
        (table(*[step(hold="1 s")] * 51), "51 steps"),
        (table(step(hold="10 s", times=61)), "step 1: times: 61"),
        (table(step(hold="10 s", side="up")), "step 1: side"),
        (table(step(hold="10 s", hodl=1)), "Did you mean 'hold'?"),
        (table(step(hold="10 s"), step=3), "is not a list"),
        ({"title": "Mine"}, "step: is missing"),
        (table(step(hold="10 s", read="a word too many for this line")), "step 1: read"),
    ],
)
def test_a_routine_that_cannot_be_guided_is_refused(found: dict[str, Any], words: str) -> None:
    """A line says what is wrong."""
    assert any(words in fault for fault in faults_of(found))


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (table(), "step: 0 steps is not between 1 and 50 steps"),
        (
            table(step(wait="10 s")),
            "step: no step has a `hold`, so there is nothing to hold; give one step a `hold`",
        ),
        (
            table(step(hold="10 min", times=7)),
            "step: 1 h 10 min in all is longer than 1 h; lower `times`, or shorten the holds",
        ),
        (
            table(step(hold="1 s"), step(hold="1 s", pose="stan")),
            "step 2: pose: 'stan' is not a known pose. Did you mean 'stand'?",
        ),
        (table(step(hold="1 s"), "rest"), "step 2: 'rest' is not a table"),  # type: ignore[arg-type]
    ],
)
def test_a_fault_names_its_step_and_what_to_do(found: dict[str, Any], line: str) -> None:
    """The message is one line."""
    assert line in faults_of(found)


def test_a_routine_may_be_as_long_as_its_limits() -> None:
    """Fifty steps, and an hour, are accepted."""
    assert len(plan(read_routine(table(*[step(hold="1 s")] * 50), POSES))) == 50
    assert whole_s(plan(read_routine(table(step(hold="10 min", times=6)), POSES))) == 3600


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
STEP = st.fixed_dictionaries(
    {"read": st.just("Go") | JUNK, "hear": st.just("Go.") | JUNK},
    optional={key: st.sampled_from(["10 s", "1 min", 2]) | JUNK for key in ("hold", "wait", "times", "rest", "side")},
)


@given(st.fixed_dictionaries({"title": st.just("A") | JUNK, "summary": st.just("B"), "step": st.lists(STEP) | JUNK}))
def test_any_table_is_a_plan_within_its_limits_or_a_list_of_faults(found: dict[str, Any]) -> None:
    """Any file is refused as faulty or gives a plan that can be guided."""
    try:
        routine = read_routine(found, POSES)
    except SchemaError:
        return
    phases = plan(routine)
    assert 1 <= planned_s(phases) <= whole_s(phases) <= 3600
    assert all(0 < phase.seconds <= 600 for phase in phases)
