"""An instant as two columns: UTC text that sorts by time, and the UTC offset of that place and time."""

from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache


def to_columns(at: datetime) -> tuple[str, int]:
    """Return `at` as `YYYY-MM-DDTHH:MM:SS.ffffffZ` in UTC, and its UTC offset in seconds.

    The offset is rounded to whole minutes, since ISO 8601 has no finer ones; the instant is not.
    """
    offset = at.utcoffset()
    if offset is None:
        raise ValueError(f"{at} has no offset")
    text = at.astimezone(UTC).isoformat(timespec="microseconds")
    return text.removesuffix("+00:00") + "Z", round(offset.total_seconds() / 60) * 60


def from_columns(text: str, offset_s: int) -> datetime:
    """Return the instant that `to_columns` wrote, with a fixed UTC offset. Raise ValueError if a column is garbled."""
    try:
        return datetime.fromisoformat(text).astimezone(_offset(offset_s))
    except (TypeError, OverflowError) as error:
        raise ValueError(f"{text!r} with the offset {offset_s!r} is not an instant") from error


@lru_cache(maxsize=256)
def _offset(seconds: int) -> timezone:
    return timezone(timedelta(seconds=seconds))
