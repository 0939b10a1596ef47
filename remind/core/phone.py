"""The phone: when a message is due there, and when the server should deliver one by itself.

There is one message about an occurrence at most, and one more after each snooze, which asks to be reminded anew. What
was sent for an earlier due time, as before a flight to the west, counts too.
"""

from datetime import datetime, timedelta

from msgspec.structs import replace

from remind.core.decide import Decision, OccurrenceRecord, fire_time, last_snooze, shown_in_round
from remind.core.reminders import Occurrence

PHONE = "phone"
"""What an answer from the phone was given with."""
PHONE_RETRY = timedelta(minutes=5)
"""How long after a failure to reach the phone the next attempt follows."""
SETTLED = timedelta(seconds=30)
"""After this, what was handed to the server has arrived there or never will."""
MARGIN = timedelta(minutes=1)
"""How long after the fire time the server delivers the message that it keeps, so that a service that runs and shows the
reminder at the computer can withdraw it before."""


def phone_due(occurrence: Occurrence, record: OccurrenceRecord, decision: Decision, now: datetime) -> bool:
    """Return whether to try the phone at `now`: once a round, if the person is absent or it can't be shown.

    It is not tried before the second attempt to show: at login, the desktop may start a moment after the service. Who
    snoozed on the phone is reminded there too, even if it is shown at the computer.
    """
    on_phone = record.answered_via == PHONE and last_snooze(occurrence, record) is not None
    until = record.snoozed_until if on_phone else None
    asked = until is not None and until <= now and decision.state == "open"
    unreached = decision.absent or asked or (decision.action == "show" and record.failed_at is not None)
    return unreached and not reached(occurrence, record) and phone_free_at(record, now) <= now


def reached(occurrence: Occurrence, record: OccurrenceRecord) -> bool:
    """Return whether a message was sent since the last snooze, or is sure to be delivered."""
    since, kept = last_snooze(occurrence, record), None if record.phone_unsure else record.phone_ahead
    return any(at is not None and (since is None or at > since) for at in (record.phoned_at, kept))


def phone_free_at(record: OccurrenceRecord, now: datetime) -> datetime:
    """Return when the server may be asked again, at the earliest now.

    Not soon after a failure, nor while a message may be on its way.
    """
    tried = record.phone_tried_at if record.phone_unsure else None
    # What is in the future was recorded before the clock was set back.
    waits = (record.phone_failed_at, PHONE_RETRY), (tried, SETTLED)
    return max([now, *(at + wait for at, wait in waits if at is not None and at <= now)])


def ahead(
    occurrence: Occurrence, record: OccurrenceRecord, decision: Decision, paused_until: datetime | None, now: datetime
) -> datetime | None:
    """Return when the server should deliver a message about `occurrence` if nobody withdraws it; None is never.

    From the fire time on, the service decides with what it knows of the person, so what is kept stays as it is.
    """
    kept = is_kept(record, now)
    if decision.action == "drop" or shown_in_round(occurrence, record) or (reached(occurrence, record) and not kept):
        return None
    due = fire_time(occurrence, replace(record, failed_at=None), now)
    if due is None:
        return None
    due = max(due, paused_until or due)
    if due <= now or (kept and record.phone_fixed):
        return record.phone_ahead
    return due + MARGIN if due < occurrence.ends else None


def is_kept(record: OccurrenceRecord, now: datetime) -> bool:
    """Return whether the server may yet deliver a message."""
    return record.phone_ahead is not None and record.phone_ahead > now
