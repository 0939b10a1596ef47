"""When the phone is tried instead of the computer."""

from datetime import timedelta

import msgspec
import pytest
from rules import BERLIN, at

from remind.core.decide import RETRY, Context, Presence, decide
from remind.core.decide import OccurrenceRecord as Record
from remind.core.phone import MARGIN, PHONE_RETRY, SETTLED, ahead, phone_due, phone_free_at, reached
from remind.core.reminders import Occurrence

DUE, ENDS, TEN = at("22:00"), at("23:30"), timedelta(minutes=10)
STRETCH = Occurrence("stretch/2026-11-22", "stretch", DUE.date(), DUE, ENDS, TEN, 3)
HERE, AWAY, LOCKED = Presence(), Presence(away=True), Presence(locked=True)


def due(wall: str, presence: Presence = AWAY, record: Record = Record(), **context: object) -> bool:  # noqa: B008
    """Return whether to try the phone when the clock in Berlin shows `wall`."""
    held = msgspec.structs.replace(Context(BERLIN, presence=presence), **context)
    return phone_due(STRETCH, record, decide(STRETCH, record, held, at(wall)), at(wall))


@pytest.mark.parametrize("presence", [AWAY, LOCKED, Presence(away=True, do_not_disturb=True)])
def test_who_is_away_gets_it_on_the_phone(presence: Presence) -> None:
    """The phone is tried from the due time on, and not a moment before."""
    assert due("22:00", presence)
    assert not due("21:59", presence)


@pytest.mark.parametrize("presence", [HERE, Presence(away=False, locked=False), Presence(do_not_disturb=True)])
def test_who_is_there_does_not(presence: Presence) -> None:
    """Do-not-disturb and unknown presence do not make the phone ring."""
    assert not due("22:00", presence)


def test_what_waits_or_is_over_stays_off_the_phone() -> None:
    """If a reminder is paused, answered or expired, being away does not matter."""
    assert not due("22:05", paused_until=at("22:30"))
    assert not due("22:05", record=Record(answer="skipped", answered_at=at("21:00")))
    assert not due("23:31")


def test_once_is_enough() -> None:
    """A message is sent once, whatever happens later."""
    assert not due("22:30", record=Record(phoned_at=at("22:00")))
    assert not due("22:30", HERE, Record(phoned_at=at("22:00"), failed_at=at("22:29"), failure="no bus"))


def test_what_was_sent_for_an_earlier_due_time_counts() -> None:
    """A person who travelled west in the evening was told already, and is told again on the computer alone."""
    assert not due("22:00", record=Record(phoned_at=at("20:00")))


def test_a_failure_is_followed_by_another_try() -> None:
    """The next attempt follows a while later, as long as the window lasts; a failure in the future does not count."""
    failed = Record(phone_failed_at=at("22:00"))
    assert not due("22:00", record=failed)
    assert not due("22:04", record=failed)
    assert due(f"22:0{PHONE_RETRY.seconds // 60}", record=failed)
    assert not due("23:31", record=failed)
    assert due("22:10", record=Record(phone_failed_at=at("23:00")))


def test_what_cannot_be_shown_goes_to_the_phone_at_the_second_failure() -> None:
    """At login, the first attempt may come before the desktop is ready."""
    failed = Record(failed_at=at("22:00"), failure="no bus")
    assert not due("22:00", HERE)
    assert not phone_due(STRETCH, failed, decide(STRETCH, failed, Context(BERLIN), at("22:00")), at("22:00"))
    again = at("22:00") + RETRY
    assert phone_due(STRETCH, failed, decide(STRETCH, failed, Context(BERLIN), again), again)


def test_the_reason_tells_of_the_phone() -> None:
    """The reason names the phone both when the person is back and when the reminder expires."""
    held = Record(held="away from the computer", phoned_at=at("22:00"))
    shown = decide(STRETCH, held, Context(BERLIN), at("22:40"))
    assert (shown.action, shown.reason) == (
        "show", "held until now: away from the computer, sent to the phone at 22:00",
    )  # fmt: skip
    over = decide(STRETCH, held, Context(BERLIN), at("23:31"))
    assert (over.state, over.reason) == (
        "dropped",
        "not shown (away from the computer), sent to the phone at 22:00; it expired at 23:30",
    )
    failed = Record(failed_at=at("23:29"), failure="no bus", phoned_at=at("22:01"))
    assert decide(STRETCH, failed, Context(BERLIN), at("23:31")).reason == (
        "no channel could show it (no bus), sent to the phone at 22:01; it expired at 23:30"
    )
    retried = Record(failed_at=at("22:05"), failure="no bus", phoned_at=at("22:01"))
    assert decide(STRETCH, retried, Context(BERLIN), at("22:05:10")).reason == (
        "could not be shown (no bus), sent to the phone at 22:01; trying again at 22:05"
    )


def test_a_snooze_asks_for_one_more() -> None:
    """What was sent before the snooze does not count for it; what was sent after it does."""
    snooze = {"answer": "snoozed", "answered_at": at("22:10"), "snoozed_until": at("22:20")}
    assert due("22:20", record=Record(phoned_at=at("22:00"), **snooze))
    assert not due("22:20", record=Record(phoned_at=at("22:20"), **snooze))
    assert not due("22:20", HERE, Record(phoned_at=at("22:00"), answered_via="button snoozed", **snooze))


def test_who_snoozed_on_the_phone_is_reminded_there() -> None:
    """When the snooze is over, even at the computer; not before, nor while nothing may be shown."""
    snoozed = Record(answer="snoozed", answered_at=at("22:10"), snoozed_until=at("22:20"), answered_via="phone")
    assert due("22:20", HERE, snoozed)
    assert due("22:21", HERE, msgspec.structs.replace(snoozed, shown=(at("22:20"),)))
    assert not due("22:19", HERE, snoozed)
    assert not due("22:20", Presence(do_not_disturb=True), snoozed)
    assert not due("22:20", HERE, snoozed, paused_until=at("22:40"))


def test_what_the_server_delivers_by_itself_is_not_sent_too() -> None:
    """Unless nobody knows whether it has the message; then it is asked, once the message must have arrived."""
    kept = Record(phone_tried_at=at("21:00"), phone_ahead=at("22:01"))
    assert not due("22:00", record=kept)
    assert not due("22:30", record=kept)
    assert due("22:00", record=msgspec.structs.replace(kept, phone_unsure=True))
    unsure = Record(phone_tried_at=at("22:00"), phone_unsure=True)
    assert not due("22:00:29", record=unsure)
    assert phone_free_at(unsure, at("22:00:10")) == at("22:00") + SETTLED
    assert due("22:00:30", record=unsure)


def scheduled(wall: str, record: Record = Record(), paused: str = "", **context: object) -> str:  # noqa: B008
    """Return when the server should deliver a message, as decided when the clock in Berlin shows `wall`."""
    decision = decide(STRETCH, record, msgspec.structs.replace(Context(BERLIN), **context), at(wall))
    found = ahead(STRETCH, record, decision, at(paused) if paused else None, at(wall))
    return f"{found.astimezone(BERLIN):%H:%M}" if found else ""


def test_the_server_delivers_just_after_the_fire_time() -> None:
    """The due time, the end of a snooze or of a pause, each a little later; a failure to show moves nothing."""
    assert scheduled("21:00") == f"22:0{MARGIN.seconds // 60}"
    snoozed = Record(answer="snoozed", answered_at=at("22:10"), snoozed_until=at("22:20"), shown=(at("22:00"),))
    assert scheduled("22:11", snoozed) == "22:21"
    assert scheduled("22:11", msgspec.structs.replace(snoozed, phoned_at=at("22:00"))) == "22:21"
    assert scheduled("21:00", paused="22:30") == "22:31"
    assert scheduled("21:00", Record(failed_at=at("20:59"))) == "22:01"


@pytest.mark.parametrize(
    "record",
    [
        Record(answer="done", answered_at=at("22:00")),
        Record(shown=(at("22:00"),)),
        Record(phoned_at=at("20:00")),
        Record(phone_ahead=at("20:01")),
    ],
)
def test_what_is_over_shown_or_sent_needs_none(record: Record) -> None:
    """Not even after an earlier due time."""
    assert scheduled("22:05", record) == scheduled("21:00", msgspec.structs.replace(record, shown=(at("22:00"),))) == ""


def test_a_pause_to_the_end_needs_none() -> None:
    """There is no time left to show it."""
    assert scheduled("21:00", paused="23:30") == ""
    assert scheduled("21:00", paused="23:29") == "23:30"


def test_from_the_fire_time_on_what_is_kept_stays() -> None:
    """So does what the server cannot withdraw, whatever the bedtime is by now."""
    assert scheduled("22:00", Record(phone_ahead=at("22:01"))) == "22:01"
    assert scheduled("22:00") == ""
    assert scheduled("21:00", Record(phone_ahead=at("21:31"))) == "22:01"
    assert scheduled("21:00", Record(phone_ahead=at("21:31"), phone_fixed=True)) == "21:31"
    assert reached(STRETCH, Record(phone_ahead=at("21:31"), phone_fixed=True))
