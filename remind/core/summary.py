"""What the diary adds up to, in words: the same for `remind stats`, the page and the report. It claims no cause."""

from collections.abc import Callable, Collection

from remind.core.rates import Rate
from remind.core.statistics import BASELINE, RECENT, Spread, Statistics, Tally

NO_CAUSE = "These are counts side by side. Cramps come and go by themselves, so the counts say nothing about a cause."

MEANING = (
    "A week is seven logged nights; nights without an entry don't count. Where there are several values, the median is "
    "shown, with the lowest and the highest."
)
"""What the figures of `rows` mean."""

NOTHING = "–"

_COMPARABLE_NIGHTS = 84
"""After twelve weeks there is enough to compare in words."""
_FEWEST = 7
"""The fewest logged nights that can be compared."""

FIRST = f"first {BASELINE.days // 7} weeks"
SINCE = "since then"
LAST = f"last {RECENT.days // 7} weeks"
SO_FAR = "so far"
"""What the first weeks are called until they are over."""


def columns(found: Statistics) -> dict[str, Tally]:
    """Return the spans of time to show side by side; the last weeks only where they lie after the first ones."""
    spans = {FIRST if found.since else SO_FAR: found.baseline, SINCE: found.since, LAST: found.recent}
    if found.baseline and found.recent and found.recent.first <= found.baseline.last:
        del spans[LAST]
    return {name: tally for name, tally in spans.items() if tally}


def comparison(found: Statistics) -> str:
    """Return what can be seen after twelve weeks, and how sure the counts are; "" before."""
    first, last, whole = found.baseline, found.recent, found.whole
    if whole is None or whole.nights < _COMPARABLE_NIGHTS:
        return ""
    assert first
    assert last
    if min(first.nights_recorded, last.nights_recorded) < _FEWEST:
        nights = f"{_logged(first)} in the {FIRST} and {_logged(last)} in the {LAST}"
        return f"Too few nights are logged to compare: {nights}."
    before, now = first.cramp_nights_rate, last.cramp_nights_rate
    assert before
    assert now
    return (
        f"In the {FIRST}, {first.cramp_nights} of {first.nights_recorded} logged nights had a cramp: {_range(before)}. "
        f"In the {LAST}, {last.cramp_nights} of {last.nights_recorded}: {_range(now)}. {_verdict(before, now)}"
    )


def _logged(tally: Tally) -> str:
    return f"{tally.nights_recorded} of {tally.nights}"


def _range(rate: Rate) -> str:
    return f"{rate.per_week:g} a week, likely between {rate.low:g} and {rate.high:g} (95% interval)"


def _verdict(before: Rate, now: Rate) -> str:
    if now.high < before.low or before.high < now.low:
        where = "below" if now.high < before.low else "above"
        return f"The second range lies {where} the first, which rarely happens by chance alone. It doesn't tell why."
    return "The two ranges overlap, so the counts show no clear change."


def rows(tallies: Collection[Tally]) -> list[tuple[str, list[str]]]:
    """Return the figures of `tallies`, line by line: what they are, and one for each."""
    return [(words, [value(tally) for tally in tallies]) for words, value in _ROWS.items()]


def logged_rows(tallies: Collection[Tally]) -> list[tuple[str, list[str]]]:
    """Return those of `rows` in which anything was logged."""
    return [(words, values) for words, values in rows(tallies) if set(values) != {NOTHING}]


def share(part: int, whole: int) -> str:
    """Return `part` of `whole` as people read it: "3 of 7"."""
    return f"{part} of {whole}"


def _weekly(count: int, per_week: float | None) -> str:
    return f"{count}" if per_week is None else f"{count} ({per_week:g} a week)"


def _per_week(rate: Rate | None) -> float | None:
    return None if rate is None else rate.per_week


def _spread(found: Spread | None) -> str:
    if found is None:
        return NOTHING
    return f"{found.median:g}" if found.count == 1 else f"{found.median:g} ({found.least:g}–{found.most:g})"


def _names(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or NOTHING


_ROWS: dict[str, Callable[[Tally], str]] = {
    "nights logged": lambda tally: share(tally.nights_recorded, tally.nights),
    "nights with a cramp": lambda tally: _weekly(tally.cramp_nights, _per_week(tally.cramp_nights_rate)),
    "cramps": lambda tally: _weekly(tally.cramps, tally.cramps_per_week),
    "severity, 0–10": lambda tally: _spread(tally.severity),
    "minutes of a cramp": lambda tally: _spread(tally.duration),
    "sleep disturbance, 0–10": lambda tally: _spread(tally.disturbance),
    "soreness, 0–10": lambda tally: _spread(tally.soreness),
    "leg": lambda tally: _names(tally.legs),
    "place": lambda tally: _names(tally.places),
    "evenings stretched": lambda tally: share(tally.evenings_stretched, tally.evenings),
}
