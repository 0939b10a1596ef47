"""The session's state machine, driven by instants that the tests choose."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remind.core.diary import Stretch
from remind.core.routine import Kind, Phase, planned_s, whole_s
from remind.core.session import LONGEST_GAP_S, Session, begin, cue

WALL = (15, 30, 15, 30, 15, 30, 15, 30, 15)


def phases_of(*seconds: float) -> tuple[Phase, ...]:
    kinds: tuple[Kind, ...] = ("rest", "hold")
    return tuple(Phase(kind=kinds[n % 2], seconds=s, read="Lean", hear="Lean in.") for n, s in enumerate(seconds))


ENDED = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)


def kept(phases: tuple[Phase, ...], *, until: float) -> tuple[int, int, bool]:
    """Return the planned and held seconds that the diary keeps of a session ended at `until`, and if it is complete."""
    entry = ticked(begin(phases, 0.0), until=until).end(until).diary_entry("x", "x", ENDED)
    return entry.planned_s, entry.held_s, entry.complete


def ticked(session: Session, *, until: float, every: float = 1.0) -> Session:
    """Return the session after ticks every `every` seconds, the last of them at `until`."""
    t = session.at
    while t < until:
        t = min(t + every, until)
        session = session.tick(t)
    return session


def test_a_session_that_is_only_ticked_ends_with_all_held() -> None:
    """195 seconds of ticks complete the whole plan."""
    session = ticked(begin(phases_of(*WALL), 1000.0), until=1195.0)
    assert session.state == "over"
    assert session.finished
    assert session.complete
    assert session.held_s == pytest.approx(120)


@given(st.lists(st.floats(0.01, LONGEST_GAP_S), min_size=60, max_size=400), st.floats(0, 1e6))
def test_late_and_uneven_ticks_never_move_a_deadline(gaps: list[float], start: float) -> None:
    """However late the ticks come, each phase ends where the plan puts it: the session does not drift."""
    phases = phases_of(*WALL)
    ends = [start + whole_s(phases[: n + 1]) for n in range(len(phases))]
    session, t = begin(phases, start), start
    for gap in gaps:
        t += gap
        session = session.tick(t)
        if session.state == "running":
            assert session.deadline == pytest.approx(ends[session.index], abs=1e-6)
            assert ends[session.index] >= t - 1e-6


EVENTS = st.tuples(st.sampled_from(["tick", "pause", "resume", "next", "back", "toggle"]), st.floats(0, 20))


@given(st.lists(EVENTS, max_size=80))
def test_no_order_of_events_counts_more_than_was_planned_or_than_passed(
    events: list[tuple[str, float]],
) -> None:
    """Held seconds never exceed the plan or the real time in any phase, and never shrink."""
    phases = phases_of(*WALL)
    session, t = begin(phases, 0.0), 0.0
    for event, gap in events:
        t += gap
        before, session = session, getattr(session, event)(t)
        assert session.held_s >= before.held_s - 1e-9
        assert session.held_s <= min(t, planned_s(phases)) + 1e-6
        assert all(held <= phase.seconds + 1e-9 for held, phase in zip(session.held, phases, strict=True))
        assert all(held == 0 for held, phase in zip(session.held, phases, strict=True) if phase.kind != "hold")
        assert 0 <= session.passed_s <= whole_s(phases) + 1e-6
        assert session.state == "over" or -1e-6 <= session.left_s <= session.phase.seconds + 1e-6


def test_what_comes_next_is_the_phase_after_this_one() -> None:
    """The first and the middle phase have a next one, and the last has none."""
    session = begin(phases_of(4, 4, 4), 0.0)
    for index, t in enumerate((1.0, 5.0, 9.0)):
        session = ticked(session, until=t)
        assert session.phase is session.phases[index]
        assert session.coming is (session.phases[index + 1] if index < 2 else None)


def test_a_finished_session_still_has_its_last_phase() -> None:
    """At its end, a session still shows its last phase, with nothing left and nothing to come."""
    session = ticked(begin(phases_of(1, 5), 0.0), until=6.0)
    assert session.finished
    assert (session.phase, session.coming, session.left_s) == (session.phases[-1], None, 0)
    assert session.passed_s == 6


def test_skipping_counts_only_what_was_held() -> None:
    """After `next` at 10 of 30 seconds, 10 seconds are held and the session is incomplete."""
    session = ticked(begin(phases_of(0.5, 30, 5), 0.0), until=10.5).next(10.5)
    assert session.phase.kind == "rest"
    session = session.next(10.5)
    assert session.finished
    assert session.held_s == pytest.approx(10)
    assert not session.complete


def test_a_hold_taken_again_counts_on_but_not_beyond_its_plan() -> None:
    """Holding 20 seconds, going back and holding all 30 again counts as 30."""
    session = ticked(begin(phases_of(1, 30, 5), 0.0), until=21.0).back(21.0)
    assert session.index == 1
    assert session.left_s == 30
    assert ticked(session, until=26.0).held_s == pytest.approx(25)
    assert ticked(session, until=51.0).held_s == pytest.approx(30)


def test_back_at_the_start_of_a_phase_goes_to_the_one_before() -> None:
    """Within three seconds `back` goes to the phase before, or to the start of the first one."""
    session = ticked(begin(phases_of(5, 30), 0.0), until=7.0)
    assert session.index == 1
    assert session.back(7.0).index == 0
    assert session.back(7.0).back(7.0).index == 0


@pytest.mark.parametrize(("at", "index"), [(7.9, 0), (8.0, 0), (8.05, 1), (8.5, 1)])
def test_back_counts_three_seconds_as_just_begun(at: float, index: int) -> None:
    """A moment later it starts the phase again."""
    assert ticked(begin(phases_of(5, 30), 0.0), until=at).back(at).index == index


def test_a_pause_holds_nothing_and_moves_the_deadline() -> None:
    """A pause of an hour adds no held second and keeps the time that was left."""
    session = ticked(begin(phases_of(1, 30), 0.0), until=11.0).pause(11.0)
    assert session.tick(3000.0) == session
    session = session.resume(3611.0)
    assert session.left_s == pytest.approx(20)
    assert session.held_s == pytest.approx(10)
    assert ticked(session, until=3631.0).complete


def test_toggle_pauses_and_runs_on() -> None:
    """Twenty seconds are left before, during and after the pause."""
    session = ticked(begin(phases_of(1, 30), 0.0), until=11.0).toggle(11.0)
    assert (session.state, session.left_s) == ("paused", 20)
    session = session.toggle(100.0)
    assert (session.state, session.left_s) == ("running", 20)


@pytest.mark.parametrize("event", ["tick", "pause", "resume", "toggle", "next", "back", "end"])
def test_a_session_that_is_over_stays_as_it_is(event: str) -> None:
    """Ended early or finished, nothing moves it again."""
    ended = ticked(begin(phases_of(5, 30), 0.0), until=2.0).end(2.0)
    for over in (ended, begin(phases_of(5), 0.0).next(1.0)):
        assert getattr(over, event)(10.0) == over


def test_skipping_the_last_phase_leaves_nothing_to_count_down() -> None:
    """Finished by a key press as by the clock."""
    session = ticked(begin(phases_of(1, 30), 0.0), until=5.0).next(5.0)
    assert (session.finished, session.left_s, session.shown_s) == (True, 0, 0)


def test_moving_on_while_paused_stays_paused() -> None:
    """`next` during a pause shows the whole next phase and waits."""
    session = begin(phases_of(5, 30), 0.0).pause(2.0).next(50.0)
    assert (session.state, session.index, session.left_s) == ("paused", 1, 30)
    assert session.resume(60.0).deadline == 90.0


@pytest.mark.parametrize("event", ["tick", "pause", "next", "back", "end", "toggle"])
def test_a_gap_as_of_a_suspended_laptop_is_never_held(event: str) -> None:
    """Eight hours without a tick count for nothing, whatever event ends them."""
    session = ticked(begin(phases_of(1, 30, 5, 30), 0.0), until=11.0)
    woken = getattr(session, event)(11.0 + 8 * 3600)
    assert woken.held_s == pytest.approx(10)
    assert woken.state == ("over" if event == "end" else "paused")


def test_a_gap_pauses_where_the_session_last_was() -> None:
    """The session shows that the computer slept, and goes on from there when resumed."""
    session = ticked(begin(phases_of(1, 30), 0.0), until=11.0).tick(5000.0)
    assert (session.state, session.slept, session.left_s) == ("paused", True, 20)
    session = session.resume(5000.0)
    assert (session.state, session.slept, session.left_s) == ("running", False, 20)


def test_a_gap_of_five_seconds_is_still_guided() -> None:
    """A tick five seconds late is no sleep; a longer gap is."""
    session = begin(phases_of(60, 30), 0.0)
    assert session.tick(5.0).state == "running"
    assert session.tick(5.01).state == "paused"


def test_a_clock_that_goes_backwards_changes_nothing() -> None:
    """A tick from the past is ignored."""
    session = ticked(begin(phases_of(1, 30), 100.0), until=110.0)
    assert session.tick(50.0) == session


def test_ending_keeps_the_part_that_was_held() -> None:
    """`end` at 12 of 30 seconds gives an incomplete diary entry of 12 of 30."""
    session = ticked(begin(phases_of(1, 30), 0.0), until=13.9).end(13.9)
    assert session.diary_entry("abc", "wall-calf", ENDED) == Stretch(
        id="abc", at=ENDED, written_at=ENDED, routine="wall-calf", planned_s=30, held_s=12, complete=False
    )
    assert not session.finished


def test_a_part_is_never_rounded_up_to_the_whole() -> None:
    """A session that is exactly a second short is incomplete; less than that may be lost to a key press."""
    assert kept(phases_of(1, 30), until=29.9) == (30, 28, False)
    assert kept(phases_of(1, 30), until=30.0) == (30, 29, False)
    assert kept(phases_of(1, 30), until=30.5) == (30, 30, True)


def test_a_part_of_a_plan_with_fractions_is_less_than_the_plan() -> None:
    """A plan of 10.4 seconds is kept as 10, and a part of 9.3 or 9.4 seconds as 9."""
    assert kept(phases_of(1, 5.2, 1, 5.2), until=11.3) == (10, 9, False)
    assert kept(phases_of(1, 10.4), until=10.4) == (10, 9, False)
    assert kept(phases_of(1, 1.4), until=1.4) == (1, 0, False)
    assert kept(phases_of(1, 30.0, 1, 30.5), until=61.5) == (60, 59, False)


def test_the_countdown_shows_whole_seconds_and_says_when_the_next_comes() -> None:
    """The countdown shows 30 at the start, 29 only after a second, and 1 until the very end."""
    session = begin(phases_of(30, 5), 0.0)
    assert (session.shown_s, session.until_change_s) == (30, 1.0)
    assert session.tick(0.25).shown_s == 30
    assert session.tick(0.25).until_change_s == pytest.approx(0.75)
    assert session.tick(1.0).shown_s == 29
    assert ticked(session, until=29.9).shown_s == 1


def test_the_cues_of_a_session_in_order() -> None:
    """Each hold has three notices, a beginning and an easing, and the session has an end."""
    session, heard = begin(phases_of(5, 2, 4, 2), 0.0), []
    for t in range(1, 14):
        before, session = session, session.tick(float(t))
        heard.append(cue(before, session))
    first = [None, "notice", "notice", "notice", "begin", None, "ease"]
    assert heard == [*first, "notice", "notice", "notice", "begin", None, "end"]


def test_a_session_that_is_stopped_makes_no_sound_of_an_end() -> None:
    """Ending early is silent, because the end's sound means that the plan was completed."""
    session = begin(phases_of(5, 30), 0.0)
    assert cue(session, session.end(1.0)) is None


def test_the_end_sounds_once() -> None:
    """Looking at a finished session again plays nothing."""
    running = begin(phases_of(5), 0.0)
    over = running.tick(5.0)
    assert (cue(running, over), cue(over, over)) == ("end", None)


def test_a_long_gap_is_measured_in_real_seconds_at_any_speed() -> None:
    """At ten times the speed, ten seconds between two ticks are one real second and no gap."""
    assert begin(phases_of(100, 5), 0.0, speed=10).tick(10.0).state == "running"
    assert begin(phases_of(100, 5), 0.0).tick(10.0).state == "paused"
