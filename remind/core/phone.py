"""When the person's phone is to be tried in place of a computer that does not reach them."""

from datetime import datetime, timedelta

from remind.core.decide import Decision, Record, phoned
from remind.core.reminders import Occurrence

PHONE_RETRY = timedelta(minutes=5)
"""How long after a failure to reach the phone the next attempt is made: a server whose answer was lost may have sent
the message on, and nobody wants it twice a minute."""


def phone_due(occurrence: Occurrence, record: Record, decision: Decision, now: datetime) -> bool:
    """Whether the phone is to be tried at `now`: once, while the person is absent or when showing has failed again.

    A first failure to show is no reason yet: at login the desktop may come a moment after the service.
    """
    unreached = decision.absent or (decision.verb == "show" and record.failed_at is not None)
    if not unreached or phoned(occurrence, record):
        return False
    failed = record.phone_failed_at
    # A failure in the future is from before the clock was set back.
    return failed is None or not failed <= now < failed + PHONE_RETRY
