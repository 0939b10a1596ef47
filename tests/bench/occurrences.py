"""How long ten years of occurrences take, beside APScheduler's CronTrigger stepping through as many fire times.

Run by hand: `PYTHONPATH=tests python tests/bench/occurrences.py`. Only the ratio means something; both run in one
process.
"""

from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter

from apscheduler.triggers.cron import CronTrigger
from rules import BERLIN, calendar

from remind.core.reminders import between

START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
TURNS = 5

OWN = """
[reminder.pill]
title = "Pill"
at = ["08:00", "20:00"]
[reminder.move]
enabled = true
"""


def ours(reminders: tuple[str, ...]) -> int:
    """How many occurrences ten years have, each of them made."""
    rules = calendar(OWN)
    return sum(1 for name in reminders for _ in between(rules, name, START, END))


def stepped(count: int) -> None:
    """As many fire times of a trigger that fires each hour of the day, as water does."""
    trigger, fired, now = CronTrigger(hour="7-21", minute=30, timezone=BERLIN), None, START
    for _ in range(count):
        fired = trigger.get_next_fire_time(fired, now)
        assert fired is not None
        now = fired + timedelta(seconds=1)


def main() -> None:
    rules = calendar(OWN)
    ours_s, theirs_s, count = [], [], 0
    for _ in range(TURNS):
        began = perf_counter()
        count = ours(rules.reminders)
        ours_s.append(perf_counter() - began)
        began = perf_counter()
        stepped(count)
        theirs_s.append(perf_counter() - began)
    mine, theirs = median(ours_s), median(theirs_s)
    print(f"{count} occurrences of {', '.join(rules.reminders)} in ten years (median of {TURNS})")
    print(f"ours {mine * 1000:.0f} ms, CronTrigger {theirs * 1000:.0f} ms: {theirs / mine:.1f} times as fast")


if __name__ == "__main__":
    main()
