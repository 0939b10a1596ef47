"""Rules for tests: the shipped settings with a few lines of TOML over them, as a person writes them."""

import tomllib
from datetime import datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from remind.core.reminders import Calendar
from remind.settings import model

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")

STRETCH_ONLY = "[water]\nenabled = false\n"
WATER_ONLY = "[stretch]\nenabled = false\n"


def calendar(text: str = "", zone: tzinfo = BERLIN) -> Calendar:
    """Return the shipped rules with `text` over them, in `zone`."""
    return model.check(tomllib.loads(text), Path("settings.toml")).calendar(zone)


def at(wall: str, zone: tzinfo = BERLIN) -> datetime:
    """Return the instant of "22:05" on 22 November 2026, or of "2026-11-23 07:00", in `zone`."""
    day = "" if "-" in wall else "2026-11-22 "
    return datetime.fromisoformat(day + wall).replace(tzinfo=zone)
