"""What was sent to the phone, answered there and scheduled for it last, from the ledger."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import msgspec

from remind.app import App
from remind.core.phone import PHONE
from remind.core.timeparse import day_and_time
from remind.store.ledger import Event, Ledger, fold, grouped

_LOOKED_BACK, _LOOKED_AHEAD = timedelta(days=30), timedelta(days=4)


class Moment(msgspec.Struct, frozen=True, omit_defaults=True):
    """What happened to a message about an occurrence, or will."""

    occurrence: str
    reminder: str
    at: datetime
    answer: str = ""
    """What the person answered: done, snoozed or skipped."""
    reason: str = ""
    """Why it could not be sent."""


class Lately(msgspec.Struct, frozen=True):
    """The last of each kind within a month, or None."""

    sent: Moment | None = None
    failed: Moment | None = None
    """None, too, if something was sent since."""
    answered: Moment | None = None
    scheduled: Moment | None = None
    """The next that the server keeps until its time."""


def lately(ledger: Ledger, now: datetime) -> Lately:
    """Return what became of the last messages at `now`. Raise StoreError if the ledger can't be read."""
    events = ledger.events(now - _LOOKED_BACK, now + _LOOKED_AHEAD)
    on_the_way = [one for group in grouped(events).values() for one in _on_the_way(group)]
    sent = _latest(one for one in on_the_way if one.at <= now)
    failed = _latest(_moment(event) for event in events if event.what == "phone-failed")
    return Lately(
        sent=sent,
        failed=failed if failed and (sent is None or sent.at < failed.at) else None,
        answered=_latest(_moment(event) for event in events if event.via == PHONE),
        scheduled=min((one for one in on_the_way if one.at > now), key=lambda one: one.at, default=None),
    )


def _on_the_way(events: list[Event]) -> Iterator[Moment]:
    """Yield the messages of one occurrence that reached the phone, or that the server delivers by itself."""
    last, record = events[-1], fold(events)
    for at in (record.phoned_at, None if record.phone_unsure else record.phone_ahead):
        if at is not None:
            yield Moment(last.occurrence, last.reminder, at.astimezone(last.at.tzinfo))


def _moment(event: Event) -> Moment:
    answer = event.what if event.via else ""
    return Moment(event.occurrence, event.reminder, event.at, answer, event.reason or "")


def _latest(found: Iterable[Moment]) -> Moment | None:
    return max(found, key=lambda one: one.at, default=None)


def host(address: str) -> str:
    """Return the server of `address` as a person names it; the topic stays out of what may be seen by others."""
    return address.partition("://")[2].partition("/")[0]


def in_words(found: Lately, app: App) -> list[tuple[str, str]]:
    """Return a label and words for each of what is in `found`."""

    def words(one: Moment) -> str:
        return f"{one.reminder}, {day_and_time(one.at, app.zone, app.now())}"

    lines = [("Sent last", words(found.sent) if found.sent else "nothing yet")]
    if found.failed:
        lines.append(("Not sent", f"{words(found.failed)}: {found.failed.reason}"))
    if found.answered:
        lines.append(("Answered last", f"{words(found.answered)}: {found.answered.answer}"))
    if found.scheduled:
        lines.append(("Scheduled", words(found.scheduled)))
    return lines
