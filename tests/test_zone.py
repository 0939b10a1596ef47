"""The time zone of the system."""

import shutil
import zoneinfo
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from remind import zone
from remind.errors import UsageError

AT = datetime(2026, 7, 1, tzinfo=UTC)


def file_of(name: str) -> Path:
    """Return the file of a zone in this system's tz database."""
    return next(found for folder in zoneinfo.TZPATH if (found := Path(folder, name)).is_file())


@pytest.fixture
def localtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A path for /etc/localtime, and no TZ variable."""
    monkeypatch.delenv("TZ", raising=False)
    return tmp_path / "localtime"


def test_the_link_names_the_zone(localtime: Path) -> None:
    """Most systems have such a link."""
    localtime.symlink_to(file_of("Europe/Berlin"))
    assert zone.local(localtime) == zoneinfo.ZoneInfo("Europe/Berlin")


def test_a_changed_link_is_followed_at_once(localtime: Path) -> None:
    """A traveller needs no restart."""
    for name in ("Europe/Berlin", "America/New_York", "Asia/Tokyo"):
        localtime.unlink(missing_ok=True)
        localtime.symlink_to(file_of(name))
        assert zone.local(localtime) == zoneinfo.ZoneInfo(name)


def test_a_link_to_a_link_is_followed_to_its_end(localtime: Path, tmp_path: Path) -> None:
    """Some systems use a second link."""
    (tmp_path / "second").symlink_to(file_of("Asia/Tokyo"))
    localtime.symlink_to(tmp_path / "second")
    assert zone.local(localtime) == zoneinfo.ZoneInfo("Asia/Tokyo")


def test_a_copy_without_a_name_is_read_and_followed(localtime: Path) -> None:
    """The rules are in the file; a new copy is a new zone."""
    shutil.copy(file_of("Asia/Tokyo"), localtime)
    first = zone.local(localtime)
    assert AT.astimezone(first).utcoffset() == timedelta(hours=9)
    assert zone.local(localtime) is first
    shutil.copyfile(file_of("America/New_York"), localtime)
    assert AT.astimezone(zone.local(localtime)).utcoffset() == timedelta(hours=-4)


@pytest.mark.parametrize("spelled", ["Asia/Tokyo", ":Asia/Tokyo"])
def test_the_variable_comes_first(localtime: Path, monkeypatch: pytest.MonkeyPatch, spelled: str) -> None:
    """TZ sets the zone of this process, with or without a colon."""
    localtime.symlink_to(file_of("Europe/Berlin"))
    monkeypatch.setenv("TZ", spelled)
    assert zone.local(localtime) == zoneinfo.ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize("colon", ["", ":"])
def test_the_variable_may_name_a_file(localtime: Path, monkeypatch: pytest.MonkeyPatch, colon: str) -> None:
    """The file may be a link."""
    localtime.symlink_to(file_of("Asia/Tokyo"))
    monkeypatch.setenv("TZ", f"{colon}{localtime}")
    assert zone.local(Path("/nowhere")) == zoneinfo.ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize(
    "spelled", ["", "CET-1CEST", "Nowhere/City", "../../etc/passwd", "Europe", "/nowhere", "/etc/passwd", "/"]
)
def test_a_variable_that_names_no_zone_is_ignored(
    localtime: Path, monkeypatch: pytest.MonkeyPatch, spelled: str
) -> None:
    """The system's own file is used instead."""
    localtime.symlink_to(file_of("Europe/Berlin"))
    monkeypatch.setenv("TZ", spelled)
    assert zone.local(localtime) == zoneinfo.ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize("broken", ["missing", "rubbish", "folder", "loop", "dangling"])
def test_without_a_usable_file_there_is_still_a_zone(localtime: Path, broken: str) -> None:
    """It comes from another place in the system, or is UTC."""
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
    """The name is spelled as in the tz database."""
    assert zone.named("Europe/Berlin") == zoneinfo.ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    "name", ["", "Europe", "Europe/Berlinn", "../passwd", "/etc/passwd", "a\x00b", "x" * 5000, "\udc80"]
)
def test_a_name_that_is_not_a_zone_is_refused(name: str) -> None:
    """The message shows how a zone is written."""
    with pytest.raises(UsageError, match='is not a zone of the tz database; write it as "Europe/Berlin"'):
        zone.named(name)
