"""The system's time zone, read anew each time: a laptop may travel while the service runs.

tzlocal keeps its first answer, warns if files disagree and fails if TZ is a rule, so it is only used without TZ and
/etc/localtime.
"""

import os
from datetime import UTC, tzinfo
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from remind.errors import UsageError

LOCALTIME = Path("/etc/localtime")


def named(name: str) -> ZoneInfo:
    """Return the zone of that name in the tz database. Raise UsageError if there is none."""
    zone = _of_name(name)
    if zone is None:
        raise UsageError(f'{name!r} is not a zone of the tz database; write it as "Europe/Berlin"')
    return zone


def local(localtime: Path = LOCALTIME) -> tzinfo:
    """Return the system's zone: that of the TZ variable, of `localtime`, of tzlocal, or else UTC."""
    spelled = os.environ.get("TZ", "").removeprefix(":")
    if spelled:
        found = _of_file(Path(spelled)) if spelled.startswith("/") else _of_name(spelled)
        if found is not None:
            return found
    return _of_file(localtime) or _of_tzlocal()


def _of_name(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (LookupError, OSError, ValueError):  # a rule such as CET-1CEST, a folder, or a path out of the database
        return None


def _of_file(path: Path) -> tzinfo | None:
    try:
        real = path.resolve(strict=True)
        _, found, name = str(real).rpartition("zoneinfo/")
        zone = _of_name(name) if found else None
        return zone or _of_content(real, real.stat().st_mtime_ns)
    except (OSError, RuntimeError, ValueError):
        return None


@lru_cache(maxsize=4)
def _of_content(path: Path, _changed: int) -> tzinfo:
    with path.open("rb") as file:
        return ZoneInfo.from_file(file, key=str(path))


def _of_tzlocal() -> tzinfo:
    try:
        from tzlocal import reload_localzone

        return reload_localzone()
    except (ImportError, LookupError, OSError, ValueError):
        return UTC
