"""The one decision, rule by rule: the action, the state after it, and the reason in words."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules import BERLIN, NEW_YORK, at

from remind.core.decide import PUNCTUAL, RETRY, Context, Decision, Presence, decide, fire_time
from remind.core.decide import OccurrenceRecord as Record
from remind.core.reminders import Occurrence

DUE, ENDS, TEN = at("22:00"), at("23:30"), timedelta(minutes=10)
STRETCH = Occurrence("stretch/2026-11-22", "stretch", DUE.date(), DUE, ENDS, TEN, 3)
GLASS = Occurrence("water/2026-11-22/3", "water", DUE.date(), at("11:30"), at("13:30"), numbered=True)

HERE = Context(zone=BERLIN)
UNTOUCHED = Record()
SHOWN = Record(shown=(at("22:00"),))
SHOWN_OUT = Record(shown=(at("22:00"), at("22:10"), at("22:20")))
SNOOZED = Record(shown=(at("22:00"),), answer="snoozed", answered_at=at("22:03"), snoozed_until=at("22:33"))


def now_is(wall: str, record: Record = UNTOUCHED, occurrence: Occurrence = STRETCH, **context: Any) -> Decision:
    """Return what is decided when the clock in Berlin shows `wall`."""
    return decide(occurrence, record, msgspec.structs.replace(HERE, **context), at(wall))


def changed(record: Record, **changes: Any) -> Record:
    return msgspec.structs.replace(record, **changes)


SECOND = timedelta(seconds=1)

# A name that says the rule; the clock; the ledger; the verb, the state and the reason; when it is looked at again.
STRETCH_TABLE: dict[str, tuple[str, Record, str, str, str, datetime | None]] = {
    "before its time": ("21:59", UNTOUCHED, "hold", "open", "due at 22:00", DUE),
    "at its time": ("22:00", UNTOUCHED, "show", "open", "due now", None),
    "a minute behind is still punctual": ("22:01", UNTOUCHED, "show", "open", "due now", None),
    "two minutes behind is late": (
        "22:02", UNTOUCHED, "show", "open", "was due at 22:00 and can still be shown", None,
    ),
    "asleep until inside the window": (
        "23:10", UNTOUCHED, "show", "open", "was due at 22:00 and can still be shown", None,
    ),
    "at its last moment": (
        "23:30", UNTOUCHED, "show", "open", "was due at 22:00 and can still be shown", None,
    ),
    "asleep until past the window": (
        "23:31", UNTOUCHED, "drop", "missed",
        "not shown (the service was not running, or the computer was asleep); it expired at 23:30", None,
    ),
    "never in the morning for the night before": (
        "2026-11-23 07:00", UNTOUCHED, "drop", "missed",
        "not shown (the service was not running, or the computer was asleep); it expired at Sun 22 Nov 23:30", None,
    ),
    "between two showings": (
        "22:05", SHOWN, "hold", "open", "shown at 22:00, not answered yet; again at 22:10", at("22:10"),
    ),
    "at its repeat": ("22:10", SHOWN, "show", "open", "due again (2 of 3)", None),
    "shown as often as it may be": (
        "22:30", SHOWN_OUT, "hold", "open", "shown 3 times, last at 22:20, not answered yet", ENDS + SECOND,
    ),
    "shown and never answered": (
        "23:31", SHOWN_OUT, "drop", "missed",
        "shown 3 times, last at 22:20, not answered; it expired at 23:30", None,
    ),
    "snoozed, shown again and never answered": (
        "23:31", changed(SNOOZED, shown=(at("22:00"), at("22:33"))), "drop", "missed",
        "shown 2 times, last at 22:33, not answered; it expired at 23:30", None,
    ),
    "a repeat that would come after the window is left out": (
        "23:26", Record(shown=(at("23:25"),)), "hold", "open", "shown at 23:25, not answered yet", ENDS + SECOND,
    ),
    "snoozed at the very moment it was shown": (
        "22:10", changed(SNOOZED, answered_at=at("22:00")), "hold", "open", "snoozed until 22:33", at("22:33"),
    ),
    "closed at its due time and asked again at once": (
        "22:00", Record(closed="dropped", closed_at=at("22:00"), reason="x"), "drop", "dropped", "x", None,
    ),
    "done": (
        "22:10", changed(SHOWN, answer="done", answered_at=at("22:04")), "drop", "answered", "done at 22:04", None,
    ),
    "skipped in the afternoon, before it is due": (
        "22:00", Record(answer="skipped", answered_at=at("15:00")), "drop", "answered", "skipped at 15:00", None,
    ),
    "snoozed": ("22:10", SNOOZED, "hold", "open", "snoozed until 22:33", at("22:33")),
    "the snooze ends": ("22:33", SNOOZED, "show", "open", "the snooze is over", None),
    "a snooze begins a new round": (
        "22:43", changed(SNOOZED, shown=(at("22:00"), at("22:33"))), "show", "open", "due again (2 of 3)", None,
    ),
    "snoozed past the last moment comes at the last moment": (
        "23:29", changed(SNOOZED, snoozed_until=at("2026-11-23 00:30")), "hold", "open", "snoozed until 23:30", ENDS,
    ),
    "and no more than a minute behind": (
        "23:31", changed(SNOOZED, snoozed_until=ENDS), "show", "open", "the snooze is over", None,
    ),
    "two minutes behind the last moment it is over": (
        "23:32", changed(SNOOZED, snoozed_until=ENDS), "drop", "missed",
        "snoozed until 23:30 and not shown since; it expired at 23:30", None,
    ),
    "asleep over the end of a snooze and of the window": (
        "2026-11-23 01:00", SNOOZED, "drop", "missed",
        "snoozed until Sun 22 Nov 22:33 and not shown since; it expired at Sun 22 Nov 23:30", None,
    ),
    "a failure is tried again": (
        "22:00:10", Record(failed_at=at("22:00"), failure="no bus"), "hold", "open",
        "could not be shown (no bus); trying again at 22:00", at("22:00:30"),
    ),
    "and then shown": ("22:00:30", Record(failed_at=at("22:00"), failure="no bus"), "show", "open", "due now", None),
    "a failure that lasts": (
        "23:31", Record(failed_at=at("23:20"), failure="no bus"), "drop", "missed",
        "no channel could show it (no bus); it expired at 23:30", None,
    ),
    "held and now free": (
        "22:40", Record(held="paused until 22:40"), "show", "open", "held until now: paused until 22:40", None,
    ),
    "held until after its window": (
        "23:31", Record(held="away from the computer"), "drop", "dropped",
        "not shown (away from the computer); it expired at 23:30", None,
    ),
    "held only when it was to be repeated": (
        "23:31", changed(SHOWN, held="the screen is locked"), "drop", "missed",
        "shown at 22:00, not answered; it expired at 23:30", None,
    ),
    "once missed it stays so, with the reason of then": (
        "23:45", Record(closed="missed", closed_at=at("23:31"), reason="as then"), "drop", "missed", "as then", None,
    ),
    "closed by a clock that was ahead": (
        "22:00", Record(closed="missed", closed_at=at("2026-11-25 12:00"), reason="x"), "show", "open", "due now", None,
    ),
    "closed for a bedtime further east": (
        "22:00", Record(closed="missed", closed_at=at("18:00"), reason="x"), "show", "open", "due now", None,
    ),
    "shown and snoozed for a bedtime further east": (
        "21:00",
        Record(shown=(at("16:00"),), answer="snoozed", answered_at=at("16:01"), snoozed_until=at("16:11")),
        "hold", "open", "due at 22:00", DUE,
    ),
    "shown before the clock was set back an hour": (
        "21:30", Record(shown=(at("22:05"),)), "hold", "open", "shown at 22:05, not answered yet; again at 22:15",
        at("22:15"),
    ),
    "failed before the clock was set back": (
        "22:00", Record(failed_at=at("22:30"), failure="no bus"), "show", "open", "due now", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", STRETCH_TABLE)
def test_the_stretch(rule: str) -> None:
    """Each line of the table is one rule for the stretch."""
    wall, record, action, state, reason, until = STRETCH_TABLE[rule]
    assert now_is(wall, record) == Decision(action, state, reason, until)  # type: ignore[arg-type]


def test_a_pause_that_ends_inside_the_window_holds() -> None:
    """A reminder paused until 22:40 is held until then."""
    assert now_is("22:00", paused_until=at("22:40")) == Decision("hold", "held", "paused until 22:40", at("22:40"))


@pytest.mark.parametrize(
    ("until", "said"),
    [("23:30", "23:30"), ("2026-11-23 07:00", "Mon 23 Nov 07:00"), ("2026-11-25 07:00", "Wed 25 Nov 07:00")],
    ids=["the last moment", "morning", "days later"],
)
def test_a_pause_past_the_last_moment_drops(until: str, said: str) -> None:
    """No time is left after such a pause, so the reminder is dropped at once."""
    reason = f"paused until {said}; it expires at 23:30"
    assert now_is("22:00", paused_until=at(until)) == Decision("drop", "dropped", reason)


def test_a_pause_that_is_over_or_not_yet_needed_changes_nothing() -> None:
    """A pause matters only if something is due while it lasts."""
    assert now_is("22:00", paused_until=at("22:00")).reason == "due now"
    assert now_is("21:00", paused_until=at("21:30")).reason == "due at 22:00"


@pytest.mark.parametrize(
    ("presence", "reason"),
    [
        (Presence(away=True), "away from the computer"),
        (Presence(locked=True), "the screen is locked"),
        (Presence(do_not_disturb=True), "do not disturb is on"),
        (Presence(away=True, locked=True, do_not_disturb=True), "away from the computer"),
    ],
)
def test_someone_who_would_not_see_it_is_waited_for(presence: Presence, reason: str) -> None:
    """The reminder is held, and decided again soon."""
    absent = bool(presence.away or presence.locked)
    assert now_is("22:00", presence=presence) == Decision("hold", "held", reason, DUE + RETRY, absent)
    assert now_is("23:31", presence=presence).action == "drop"


@pytest.mark.parametrize(
    ("presence", "reason"),
    [
        (Presence(do_not_disturb=True), "do not disturb is on"),
        (Presence(full_screen=True), "a window is in full screen"),
    ],
)
def test_what_insists_waits_for_neither_do_not_disturb_nor_a_full_screen(presence: Presence, reason: str) -> None:
    """It still waits for the person to be there."""
    assert now_is("22:00", presence=presence) == Decision("hold", "held", reason, DUE + RETRY)
    assert now_is("22:00", presence=presence, insist=True) == Decision("show", "open", "due now")
    assert now_is("22:00", presence=Presence(away=True), insist=True).reason == "away from the computer"
    assert now_is("22:00", presence=Presence(locked=True), insist=True).reason == "the screen is locked"


def test_what_is_not_known_of_a_person_hinders_nothing() -> None:
    """What is unknown does not count as absence."""
    for presence in (Presence(), Presence(away=False, locked=False, do_not_disturb=False)):
        assert now_is("22:00", presence=presence).action == "show"


@pytest.mark.parametrize("occurrence", [STRETCH, GLASS], ids=["stretch", "water"])
def test_nothing_is_shown_over_a_session_that_is_running(occurrence: Occurrence) -> None:
    """A running session holds even an insisting reminder, which can expire meanwhile."""
    now = f"{occurrence.due.astimezone(BERLIN):%H:%M}"
    decision = now_is(now, occurrence=occurrence, session_running=True, insist=True)
    assert decision == Decision("hold", "held", "a session is running", occurrence.due + RETRY)
    assert now_is(now, occurrence=occurrence, session_running=True, presence=Presence(away=True)) == decision
    held = Record(held="a session is running")
    assert now_is(now, held, occurrence).reason == "held until now: a session is running"
    assert now_is("23:31", held, session_running=True).reason.startswith("not shown (a session is running); ")


def test_a_session_silences_the_evening() -> None:
    """A session in the diary counts as an answer."""
    decision = now_is("22:00", done_at=at("19:12"))
    assert decision == Decision("drop", "answered", "a session was completed at 19:12")


def test_an_answer_is_told_rather_than_the_session_behind_it() -> None:
    """The answer in the ledger goes before the session in the diary."""
    record = Record(answer="done", answered_at=at("19:12"))
    assert now_is("22:00", record, done_at=at("19:13")).reason == "done at 19:12"


def test_on_pace_drops_a_glass() -> None:
    """Nobody who drank enough is reminded, and the reason gives the amounts."""
    words = "on pace: 900 ml of 1.6 L drunk"
    assert now_is("11:30", occurrence=GLASS, on_pace=words) == Decision("drop", "dropped", words)


@pytest.mark.parametrize(
    ("record", "state", "so_far"),
    [
        (UNTOUCHED, "missed", "not shown (the service was not running, or the computer was asleep)"),
        (Record(shown=(at("11:30"),)), "missed", "shown at 11:30, not answered"),
        (Record(held="the screen is locked"), "dropped", "not shown (the screen is locked)"),
        (Record(failed_at=at("11:30"), failure="no bus"), "missed", "no channel could show it (no bus)"),
    ],
)
def test_the_next_one_takes_the_place_of_the_one_before(record: Record, state: str, so_far: str) -> None:
    """Two glasses are never open at once."""
    decision = now_is("13:30", record, GLASS, next_due=at("13:30"))
    assert decision == Decision("drop", state, f"{so_far}; replaced by the 13:30 reminder")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("next_due", "end"),
    [
        ("13:30", "replaced by the Sun 22 Nov 13:30 reminder"),
        ("13:31", "it expired at Sun 22 Nov 13:30"),
    ],
)
def test_one_whose_own_time_was_over_first_was_replaced_by_none(next_due: str, end: str) -> None:
    """The last glass of a day expires in the evening rather than being replaced on the next day."""
    decision = now_is("2026-11-23 07:30", UNTOUCHED, GLASS, next_due=at(next_due))
    assert decision.reason == f"not shown (the service was not running, or the computer was asleep); {end}"


def test_a_time_of_another_day_names_it() -> None:
    """Times of other days say their day, so nobody takes them for today's."""
    assert now_is("2026-11-21 23:00").reason == "due at Sun 22 Nov 22:00"
    assert now_is("00:00").reason == "due at 22:00"
    done = Record(answer="done", answered_at=at("22:04"))
    assert now_is("2026-11-23 00:30", done).reason == "done at Sun 22 Nov 22:04"
    assert now_is("2026-11-23 00:30", done_at=at("22:04")).reason == "a session was completed at Sun 22 Nov 22:04"


def test_the_place_is_not_taken_before_the_next_one_is_due() -> None:
    """The glass before may be shown until then."""
    assert now_is("13:29", UNTOUCHED, GLASS, next_due=at("13:30")).action == "show"


def test_an_answer_to_the_same_place_in_another_series_does_not_count() -> None:
    """The third glass under earlier settings or in an earlier zone was another one."""
    record = Record(shown=(at("10:00"),), answer="done", answered_at=at("10:05"))
    assert now_is("11:30", record, GLASS).reason == "due now"
    assert now_is("11:40", changed(record, answered_at=at("11:30")), GLASS).state == "answered"


def test_an_evening_already_answered_stays_answered_in_another_zone() -> None:
    """A stretch done in Berlin is still done in New York, and the reason gives the time there."""
    record = Record(shown=(at("22:00"),), answer="done", answered_at=at("22:05"))
    there = Occurrence(
        "stretch/2026-11-22", "stretch", DUE.date(), at("22:00", NEW_YORK), at("23:30", NEW_YORK), TEN, 3
    )
    decision = decide(there, record, Context(zone=NEW_YORK), at("22:00", NEW_YORK))
    assert decision == Decision("drop", "answered", "done at 16:05")


def test_an_evening_shown_in_another_zone_and_not_answered_comes_again() -> None:
    """What rang at ten in Berlin rings at ten in New York as if for the first time."""
    there = Occurrence(
        "stretch/2026-11-22", "stretch", DUE.date(), at("22:00", NEW_YORK), at("23:30", NEW_YORK), TEN, 3
    )
    context = Context(zone=NEW_YORK)
    assert decide(there, SHOWN_OUT, context, at("18:00", NEW_YORK)).reason == "due at 22:00"
    assert decide(there, SHOWN_OUT, context, at("22:00", NEW_YORK)).reason == "due now"


@pytest.mark.parametrize("snoozed", ["23:30", "23:50"])
def test_a_snooze_at_the_last_moment_or_after_brings_nothing_more(snoozed: str) -> None:
    """A snooze at or after the end of the window leads to no further showing."""
    record = Record(shown=(at("23:25"),), answer="snoozed", answered_at=at(snoozed), snoozed_until=at("23:59"))
    assert now_is("23:30", record).action == "hold"
    assert now_is("23:32", record).state == "missed"


def test_what_may_not_be_repeated_is_shown_once() -> None:
    """A glass is shown once, at its due time."""
    assert fire_time(GLASS, UNTOUCHED, at("11:00")) == GLASS.due
    assert fire_time(GLASS, Record(shown=(at("11:30"),)), at("11:31")) is None


INSTANTS = st.integers(-600, 600).map(lambda minutes: DUE + timedelta(minutes=minutes))
RECORDS = st.builds(
    Record,
    shown=st.lists(INSTANTS, max_size=4).map(lambda shown: tuple(sorted(shown))),
    failed_at=st.none() | INSTANTS,
    failure=st.just("no bus"),
    answer=st.sampled_from([None, "done", "snoozed", "skipped"]),
    answered_at=INSTANTS,
    snoozed_until=INSTANTS,
    held=st.sampled_from(["", "paused until 22:10"]),
    closed=st.sampled_from([None, "dropped", "missed"]),
    closed_at=INSTANTS,
    reason=st.just("a reason"),
)
CONTEXTS = st.builds(
    Context,
    zone=st.sampled_from([BERLIN, NEW_YORK]),
    paused_until=st.none() | INSTANTS,
    presence=st.builds(Presence, *3 * [st.sampled_from([None, True, False])]),
    done_at=st.none() | INSTANTS,
    session_running=st.booleans(),
    on_pace=st.sampled_from(["", "on pace"]),
    next_due=st.none() | INSTANTS,
)


@given(st.sampled_from([STRETCH, GLASS]), RECORDS, CONTEXTS, INSTANTS)
def test_whatever_is_known_the_decision_keeps_the_rules(
    occurrence: Occurrence, record: Record, context: Context, now: datetime
) -> None:
    """Nothing is shown that is answered, paused, replaced or outside its window; each hold ends; all has a reason."""
    decision = decide(occurrence, record, context, now)
    assert decision.reason
    assert "  " not in decision.reason
    if decision.action == "show":
        assert occurrence.due <= now <= occurrence.ends + PUNCTUAL
        assert record.answer not in ("done", "skipped") or record.answered_at < occurrence.due  # type: ignore[operator]
        assert not context.done_at
        assert not context.on_pace
        assert not context.session_running
        assert context.paused_until is None or context.paused_until <= now
        assert context.next_due is None or context.next_due > now
        assert decision.state == "open"
    if decision.action == "hold":
        assert decision.until is not None
        assert now < decision.until
        assert decision.state in ("open", "held")
    if decision.action == "drop":
        assert decision.state in ("answered", "dropped", "missed")
        assert decision.until is None


@given(st.sampled_from([STRETCH, GLASS]), RECORDS, CONTEXTS, INSTANTS)
def test_what_is_over_stays_over_as_it_was_written(
    occurrence: Occurrence, record: Record, context: Context, now: datetime
) -> None:
    """Once the ledger has an end, every later decision is the same."""
    decision = decide(occurrence, record, context, now)
    if decision.action == "drop" and decision.state != "answered" and now >= occurrence.due:
        closed = changed(record, closed=decision.state, closed_at=now, reason=decision.reason)
        for later in (now, now + PUNCTUAL, now + timedelta(days=3)):
            again = decide(occurrence, closed, HERE, later)
            assert (again.action, again.state, again.reason) == ("drop", decision.state, decision.reason)
