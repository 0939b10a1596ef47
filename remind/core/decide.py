"""The one decision: whether an occurrence may be shown now, must wait or is over, and why.

A decision depends only on its arguments, so it is safe to ask again at any time: after sleep, after a crash, or after
the clock was set.
"""

from datetime import datetime, timedelta, tzinfo
from typing import Literal

import msgspec

from remind.core.reminders import NIGHT, Occurrence

Answer = Literal["done", "snoozed", "skipped"]
State = Literal["open", "held", "answered", "dropped", "missed"]

PUNCTUAL = timedelta(minutes=1)
"""How late an occurrence that is due at the very end of its window may still be shown."""

RETRY = timedelta(seconds=30)
"""How long after a failure to show the next attempt follows, and how often a held occurrence is decided again."""


class OccurrenceRecord(msgspec.Struct, frozen=True):
    """What the ledger knows about one occurrence. Instants are UTC."""

    shown: tuple[datetime, ...] = ()
    handle: str | None = None
    """What the channel calls the notification that shows it."""
    failed_at: datetime | None = None
    failure: str = ""
    answer: Answer | None = None
    answered_at: datetime | None = None
    snoozed_until: datetime | None = None
    held: str = ""
    closed: Literal["dropped", "missed"] | None = None
    closed_at: datetime | None = None
    reason: str = ""
    answered_via: str = ""
    """What gave the last answer: a button, a command or the phone."""
    phoned_at: datetime | None = None
    phone_failed_at: datetime | None = None
    phone_tried_at: datetime | None = None
    """When the last message was handed to the server."""
    phone_unsure: bool = False
    """Whether nobody knows if the server took that one."""
    phone_round: str = ""
    """The snooze that one followed, if it followed any."""
    phone_ahead: datetime | None = None
    """When the server delivers the message that it keeps, or has delivered it."""
    phone_fixed: bool = False
    """Whether the server cannot withdraw that one."""
    phone_answered: bool = False
    """Whether the phone was told that it is answered."""


def round_of(record: OccurrenceRecord) -> str:
    """Return the name of the round: the instant of the snooze that asked for it, or "" before any."""
    return record.answered_at.isoformat() if record.answer == "snoozed" and record.answered_at else ""


class Presence(msgspec.Struct, frozen=True):
    """Whether the person is at the computer and can be disturbed; None is unknown."""

    away: bool | None = None
    locked: bool | None = None
    do_not_disturb: bool | None = None
    full_screen: bool | None = None


class Context(msgspec.Struct, frozen=True):
    """What a decision depends on besides the occurrence and its record."""

    zone: tzinfo
    paused_until: datetime | None = None
    presence: Presence = Presence()
    session_running: bool = False
    """Whether a guided session or cramp relief is running now."""
    insist: bool = False
    """Whether to show it despite do-not-disturb and full-screen windows."""
    done_at: datetime | None = None
    """When an entry in the diary answered it: a session answers an evening, and any entry about it a night."""
    on_pace: str = ""
    """If enough was drunk so far, the words that say so; otherwise empty."""
    next_due: datetime | None = None
    """When the next occurrence of the same reminder is due."""


class Decision(msgspec.Struct, frozen=True):
    """What to do with an occurrence now, its state after that, the reason, and when to decide again."""

    action: Literal["show", "hold", "drop"]
    state: State
    reason: str
    until: datetime | None = None
    absent: bool = False
    """Whether it waits for the person to come back; the phone may reach them until then."""


def decide(occurrence: Occurrence, record: OccurrenceRecord, context: Context, now: datetime) -> Decision:
    """Return what to do with `occurrence` at `now`; the reason tells times in `context.zone`."""
    return (
        _settled(occurrence, record, context, now)
        or _expired(occurrence, record, context, now)
        or _not_yet(occurrence, record, context, now)
        or _hindered(occurrence, context, now)
        or Decision("show", "open", _why_now(occurrence, record, context, now))
    )


def fire_time(occurrence: Occurrence, record: OccurrenceRecord, now: datetime) -> datetime | None:
    """Return the instant at which to show `occurrence` next; None if it was shown as often as allowed."""
    shown = shown_in_round(occurrence, record)
    if _snooze_pending(occurrence, record) and record.snoozed_until is not None:
        due = min(record.snoozed_until, occurrence.ends)
    elif not shown:
        due = occurrence.due
    elif len(shown) < occurrence.times and occurrence.repeat is not None:
        due = shown[-1] + occurrence.repeat
    else:
        return None
    # A failure in the future was recorded before the clock was set back.
    if record.failed_at is not None and due <= record.failed_at <= now:
        due = record.failed_at + RETRY
    return due if due <= occurrence.ends else None


def diary_reason(reminder: str, at: datetime, zone: tzinfo, now: datetime) -> str:
    """Return the reason for an occurrence of `reminder` that an entry in the diary, of `at`, has answered."""
    what = "the night was logged" if reminder == NIGHT else "a session was completed"
    return f"{what} at {clock(at, zone, now)}"


def clock(instant: datetime, zone: tzinfo, now: datetime) -> str:
    """Return `instant` as the clocks of `zone` show it, with its day unless that is today."""
    there = instant.astimezone(zone)
    if there.date() == now.astimezone(zone).date():
        return f"{there:%H:%M}"
    return f"{there:%a} {there.day} {there:%b} {there:%H:%M}"


def phoned(record: OccurrenceRecord, now: datetime) -> datetime | None:
    """Return when a message about it last reached the phone, or None."""
    delivered = None if record.phone_unsure else record.phone_ahead
    return max((at for at in (record.phoned_at, delivered) if at is not None and at <= now), default=None)


def _settled(occurrence: Occurrence, record: OccurrenceRecord, context: Context, now: datetime) -> Decision | None:
    answered_at = record.answered_at if record.answer in ("done", "skipped") else None
    if answered_at is not None and (answered_at >= occurrence.due or not occurrence.numbered):
        return Decision("drop", "answered", f"{record.answer} at {clock(answered_at, context.zone, now)}")
    # The diary goes before the ledger: the session may have been logged after the evening was closed.
    if context.done_at is not None:
        return Decision("drop", "answered", diary_reason(occurrence.reminder, context.done_at, context.zone, now))
    # If it was closed before its due time, the person has travelled west; if in the future, the clock was set back.
    if record.closed and record.closed_at and occurrence.due <= record.closed_at <= now:
        return Decision("drop", record.closed, record.reason)
    return None


def _expired(occurrence: Occurrence, record: OccurrenceRecord, context: Context, now: datetime) -> Decision | None:
    due, next_due = fire_time(occurrence, record, now), context.next_due
    replaced = next_due is not None and next_due <= now
    if not replaced and (now <= occurrence.ends or (due is not None and due <= now <= due + PUNCTUAL)):
        return None
    if next_due is not None and replaced and next_due <= occurrence.ends:
        end = f"replaced by the {clock(next_due, context.zone, now)} reminder"
    else:
        end = f"it expired at {clock(occurrence.ends, context.zone, now)}"
    held = record.held and not _shown(occurrence, record)
    return Decision("drop", "dropped" if held else "missed", f"{_so_far(occurrence, record, context, now)}; {end}")


def _not_yet(occurrence: Occurrence, record: OccurrenceRecord, context: Context, now: datetime) -> Decision | None:
    due = fire_time(occurrence, record, now)
    if due is None:
        over = occurrence.ends + timedelta(seconds=1)
        return Decision("hold", "open", f"{_so_far(occurrence, record, context, now)} yet", over)
    if due <= now:
        return None
    at = clock(due, context.zone, now)
    if record.failed_at and due == record.failed_at + RETRY:
        sent = _by_phone(record, context, now)
        reason = f"could not be shown ({record.failure}){sent}; trying again at {at}"
    elif _snooze_pending(occurrence, record):
        reason = f"snoozed until {at}"
    elif _shown(occurrence, record):
        reason = f"{_so_far(occurrence, record, context, now)} yet; again at {at}"
    else:
        reason = f"due at {at}"
    return Decision("hold", "open", reason, due)


def _hindered(occurrence: Occurrence, context: Context, now: datetime) -> Decision | None:
    paused, presence = context.paused_until, context.presence
    if paused is not None and paused > now:
        reason = f"paused until {clock(paused, context.zone, now)}"
        if paused < occurrence.ends:
            return Decision("hold", "held", reason, paused)
        ends = clock(occurrence.ends, context.zone, now)
        return Decision("drop", "dropped", f"{reason}; it expires at {ends}")
    if context.on_pace:
        return Decision("drop", "dropped", context.on_pace)
    for hindered, words, absent in (
        (context.session_running, "a session is running", False),
        (presence.away, "away from the computer", True),
        (presence.locked, "the screen is locked", True),
        (presence.do_not_disturb and not context.insist, "do not disturb is on", False),
        (presence.full_screen and not context.insist, "a window is in full screen", False),
    ):
        if hindered:
            return Decision("hold", "held", words, now + RETRY, absent)
    return None


def _why_now(occurrence: Occurrence, record: OccurrenceRecord, context: Context, now: datetime) -> str:
    if record.held:
        return f"held until now: {record.held}{_by_phone(record, context, now)}"
    if _snooze_pending(occurrence, record):
        return "the snooze is over"
    if shown := shown_in_round(occurrence, record):
        return f"due again ({len(shown) + 1} of {occurrence.times})"
    if now > occurrence.due + PUNCTUAL:
        due = clock(occurrence.due, context.zone, now)
        return f"was due at {due} and can still be shown"
    return "due now"


def _shown(occurrence: Occurrence, record: OccurrenceRecord) -> tuple[datetime, ...]:
    # What was shown before the due time was shown for a bedtime in another zone or under earlier settings.
    return tuple(at for at in record.shown if at >= occurrence.due)


def shown_in_round(occurrence: Occurrence, record: OccurrenceRecord) -> tuple[datetime, ...]:
    """Return when it was shown since the last snooze, or at all if there was none."""
    since = last_snooze(occurrence, record)
    return tuple(at for at in _shown(occurrence, record) if since is None or at > since)


def last_snooze(occurrence: Occurrence, record: OccurrenceRecord) -> datetime | None:
    """Return when it was snoozed, if that is the last answer and still applies."""
    # A snooze from outside the window was for another zone or earlier settings; at its end, there is no time left.
    at = record.answered_at
    applies = record.answer == "snoozed" and at is not None and occurrence.due <= at < occurrence.ends
    return at if applies else None


def _snooze_pending(occurrence: Occurrence, record: OccurrenceRecord) -> bool:
    return last_snooze(occurrence, record) is not None and not shown_in_round(occurrence, record)


def _so_far(occurrence: Occurrence, record: OccurrenceRecord, context: Context, now: datetime) -> str:
    """Return what has happened to it so far, in words."""
    shown, zone = _shown(occurrence, record), context.zone
    if _snooze_pending(occurrence, record) and record.snoozed_until is not None:
        return f"snoozed until {clock(record.snoozed_until, zone, now)} and not shown since"
    if len(shown) > 1:
        return f"shown {len(shown)} times, last at {clock(shown[-1], zone, now)}, not answered"
    if shown:
        return f"shown at {clock(shown[-1], zone, now)}, not answered"
    if record.failed_at is not None:
        cause = f"no channel could show it ({record.failure})"
    elif record.held:
        cause = f"not shown ({record.held})"
    else:
        return "not shown (the service was not running, or the computer was asleep)"
    return cause + _by_phone(record, context, now)


def _by_phone(record: OccurrenceRecord, context: Context, now: datetime) -> str:
    sent = phoned(record, now)
    return f", sent to the phone at {clock(sent, context.zone, now)}" if sent else ""
