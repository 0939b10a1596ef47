"""An instant as two columns: UTC text whose order is the order of time, and the offset that held."""

from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache


def to_columns(at: datetime) -> tuple[str, int]:
    """`at` as `YYYY-MM-DDTHH:MM:SS.ffffffZ` in UTC, and its own offset from UTC in seconds.

    ISO 8601 knows whole minutes only, so the offset is rounded to them; the instant is not.
    """
    offset = at.utcoffset()
    if offset is None:
        raise ValueError(f"{at} has no offset")
    text = at.astimezone(UTC).isoformat(timespec="microseconds")
    return text.removesuffix("+00:00") + "Z", round(offset.total_seconds() / 60) * 60


def from_columns(text: str, offset_s: int) -> datetime:
    """The instant that `to_columns` wrote, with a fixed offset."""
    return datetime.fromisoformat(text).astimezone(_offset(offset_s))


@lru_cache(maxsize=256)
def _offset(seconds: int) -> timezone:
    return timezone(timedelta(seconds=seconds))
