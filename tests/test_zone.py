"""The zone that the system's clocks are in."""

import shutil
import zoneinfo
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from remind import zone
from remind.errors import UsageError

AT = datetime(2026, 7, 1, tzinfo=UTC)


def file_of(name: str) -> Path:
    """The file of a zone in the tz database here."""
    return next(found for folder in zoneinfo.TZPATH if (found := Path(folder, name)).is_file())


@pytest.fixture
def localtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for /etc/localtime, and no TZ variable."""
    monkeypatch.delenv("TZ", raising=False)
    return tmp_path / "localtime"


def test_the_link_says_which_zone_it_is(localtime: Path) -> None:
    """As every usual system has it."""
    localtime.symlink_to(file_of("Europe/Berlin"))
    assert zone.local(localtime) == zoneinfo.ZoneInfo("Europe/Berlin")


def test_a_link_that_is_laid_anew_is_followed_at_once(localtime: Path) -> None:
    """A traveller's system, with no restart."""
    for name in ("Europe/Berlin", "America/New_York", "Asia/Tokyo"):
        localtime.unlink(missing_ok=True)
        localtime.symlink_to(file_of(name))
        assert zone.local(localtime) == zoneinfo.ZoneInfo(name)


def test_a_link_to_a_link_is_followed_to_its_end(localtime: Path, tmp_path: Path) -> None:
    """Some systems go by way of a second link."""
    (tmp_path / "second").symlink_to(file_of("Asia/Tokyo"))
    localtime.symlink_to(tmp_path / "second")
    assert zone.local(localtime) == zoneinfo.ZoneInfo("Asia/Tokyo")


def test_a_copy_without_a_name_is_read_and_followed(localtime: Path) -> None:
    """The rules are in the file itself; a new copy is another zone."""
    shutil.copy(file_of("Asia/Tokyo"), localtime)
    first = zone.local(localtime)
    assert AT.astimezone(first).utcoffset() == timedelta(hours=9)
    assert zone.local(localtime) is first
    shutil.copyfile(file_of("America/New_York"), localtime)
    assert AT.astimezone(zone.local(localtime)).utcoffset() == timedelta(hours=-4)


@pytest.mark.parametrize("spelled", ["Asia/Tokyo", ":Asia/Tokyo"])
def test_the_variable_comes_first(localtime: Path, monkeypatch: pytest.MonkeyPatch, spelled: str) -> None:
    """TZ names the zone for this process, with or without a colon."""
    localtime.symlink_to(file_of("Europe/Berlin"))
    monkeypatch.setenv("TZ", spelled)
    assert zone.local(localtime) == zoneinfo.ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize("colon", ["", ":"])
def test_the_variable_may_name_a_file(localtime: Path, monkeypatch: pytest.MonkeyPatch, colon: str) -> None:
    """The path of a link that is laid anew, say."""
    localtime.symlink_to(file_of("Asia/Tokyo"))
    monkeypatch.setenv("TZ", f"{colon}{localtime}")
    assert zone.local(Path("/nowhere")) == zoneinfo.ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize(
    "spelled", ["", "CET-1CEST", "Nowhere/City", "../../etc/passwd", "Europe", "/nowhere", "/etc/passwd", "/"]
)
def test_a_variable_that_names_no_zone_is_passed_over(
    localtime: Path, monkeypatch: pytest.MonkeyPatch, spelled: str
) -> None:
    """Then the system's own file holds."""
    localtime.symlink_to(file_of("Europe/Berlin"))
    monkeypatch.setenv("TZ", spelled)
    assert zone.local(localtime) == zoneinfo.ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize("broken", ["missing", "rubbish", "folder", "loop", "dangling"])
def test_without_a_usable_file_there_still_is_a_zone(localtime: Path, broken: str) -> None:
    """What the system's other places say, or UTC; never an end of the program."""
    if broken == "rubbish":
        localtime.write_bytes(b"not a zone")
    elif broken == "folder":
        localtime.mkdir()
    elif broken == "loop":
        localtime.symlink_to(localtime)
    elif broken == "dangling":
        localtime.symlink_to("/nowhere/zoneinfo/Europe/Berlin")
    assert AT.astimezone(zone.local(localtime)).utcoffset() is not None


def test_a_zone_by_its_name() -> None:
    """As the tz database spells it."""
    assert zone.named("Europe/Berlin") == zoneinfo.ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    "name", ["", "Europe", "Europe/Berlinn", "../passwd", "/etc/passwd", "a\x00b", "x" * 5000, "\udc80"]
)
def test_a_name_that_is_no_zone_is_refused(name: str) -> None:
    """In one line that shows how one is written."""
    with pytest.raises(UsageError, match='is not a zone of the tz database; write it as "Europe/Berlin"'):
        zone.named(name)
