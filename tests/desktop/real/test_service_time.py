"""The real service on a real desktop while its clock is moved: asleep, set, travelling, switched off."""

import html
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from evening import Evening as AnyEvening
from evening import on
from servers import Dunst
from service_process import SERVICE, Running
from virtual_desktop import eventually, needs

from remind.files import shipped
from remind.settings.routines import load

NAMESPACE = ("unshare", "--user", "--map-current-user", "--keep-caps", "--mount")


class Evening(AnyEvening[Dunst]):
    """An evening with dunst, which knows everything that it showed."""

    def is_shown_once_at(self, instant: datetime) -> None:
        """Wait until it is shown; it is the only notification, and was shown within seconds after `instant`."""
        (at,) = eventually(self.shown)
        assert timedelta(0) <= at - instant < timedelta(seconds=20)
        assert [entry["summary"] for entry in self.server.history()] == ["Time for the calf stretch"]

    def is_missed(self, reason: str) -> None:
        """Wait until the ledger records it as missed for `reason`; no notification was shown."""
        row = self.missed()
        assert row["occurrence"] == "stretch/2026-11-24"
        assert reason in row["reason"]
        assert self.server.history() == []


@pytest.fixture
def evening(dunst: Dunst, tmp_path: Path) -> Evening:
    """The evening of 24 November 2026 in Berlin."""
    return Evening(tmp_path, dunst)


@pytest.fixture
def service(evening: Evening) -> Iterator[Running]:
    """The service, running since nine in the evening."""
    evening.set(on(24, "21:00:00"))
    with Running(evening.home).ready() as service:
        yield service


def test_bedtime_comes(evening: Evening) -> None:
    """A bedtime a few seconds ahead leads to exactly one notification, with the first step of the routine in it."""
    evening.set(on(24, "21:59:57"))
    with Running(evening.home).ready():
        evening.is_shown_once_at(on(24, "22:00:00"))
        (notification,) = evening.server.history()
        ready, lean, *_ = load(shipped() / "routines" / "wall-calf.toml").steps
        assert html.unescape(notification["body"]) == f"{ready.hear} {lean.hear}"


def test_asleep_until_inside_the_window(evening: Evening, service: Running) -> None:
    """After a wake-up twenty minutes past bedtime it is shown at once, and only once."""
    evening.set(on(24, "22:50:00"))
    service.look_round()
    evening.is_shown_once_at(on(24, "22:50:00"))
    service.says("was due at 22:00 and can still be shown")


def test_asleep_until_past_the_window(evening: Evening, service: Running) -> None:
    """After a wake-up in the morning nothing is shown for the night before, and the ledger records why."""
    evening.set(on(25, "07:10:00"))
    service.look_round()
    evening.is_missed("the service was not running, or the computer was asleep")


def test_off_over_bedtime(evening: Evening, service: Running) -> None:
    """A service that was off over bedtime records the evening as missed when it starts in the morning."""
    assert service.end() == 0
    evening.set(on(25, "07:10:00"))
    with Running(evening.home).ready():
        evening.is_missed("the service was not running, or the computer was asleep")


def test_the_clock_set_forward_and_back(evening: Evening, service: Running) -> None:
    """A reminder shown after the clock was set forward is not shown again after it was set back."""
    evening.set(on(24, "22:05:00"))
    service.look_round()
    eventually(evening.shown)
    for time in ("21:00:00", "21:59:59", "22:04:00"):
        evening.set(on(24, time))
        service.look_round()
    evening.is_shown_once_at(on(24, "22:05:00"))


def test_the_clock_set_to_the_morning_by_mistake(evening: Evening, service: Running) -> None:
    """A reminder missed only because the clock was wrong is shown once the clock is right."""
    evening.set(on(25, "07:10:00"))
    service.look_round()
    service.says("ended meanwhile")
    evening.set(on(24, "21:59:57"))
    service.look_round()
    evening.is_shown_once_at(on(24, "22:00:00"))


@pytest.mark.parametrize(("name", "due"), [("Europe/Lisbon", "22:00:00"), ("Europe/Helsinki", "22:10:00")])
def test_travelling_with_a_variable(evening: Evening, tmp_path: Path, name: str, due: str) -> None:
    """After the file behind TZ changes at 21:10, the reminder comes at the new zone's time, and not again at home."""
    link = tmp_path / "zone"
    _link(link, "Europe/Berlin")
    evening.home.environ["TZ"] = f":{link}"
    evening.set(on(24, "21:10:00"))
    with Running(evening.home).ready() as service:
        _travel(evening, service, link, name, due)


def test_travelling_with_the_system(evening: Evening, tmp_path: Path) -> None:
    """The same happens when /etc/localtime changes, in a namespace of the test's own."""
    needs("unshare", "util-linux")
    if subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody make namespaces")
    etc = tmp_path / "etc"
    etc.mkdir()
    _link(etc / "localtime", "Europe/Berlin")
    del evening.home.environ["TZ"]
    evening.set(on(24, "21:10:00"))
    command = [*NAMESPACE, "sh", "-c", f'mount --bind {etc} /etc && exec "$@"', "sh", *SERVICE]
    with Running(evening.home, command).ready() as service:
        _travel(evening, service, etc / "localtime", "Europe/Lisbon", "22:00:00")


def _travel(evening: Evening, service: Running, link: Path, name: str, due: str) -> None:
    service.says("in the zone Europe/Berlin")
    _link(link, name)
    service.look_round()
    service.says(f"in the zone {name}")
    instant = on(24, due, ZoneInfo(name))
    if instant > (at_home := on(24, "22:01:00")):
        evening.set(at_home)
        service.look_round()
    evening.set(instant)
    service.look_round()
    evening.is_shown_once_at(instant)
    _link(link, "Europe/Berlin")
    service.look_round()
    service.says("in the zone Europe/Berlin", 2)
    evening.set(instant + timedelta(minutes=5))
    service.look_round()
    assert service.end() == 0
    assert len(evening.shown()) == 1


def _link(link: Path, zone: str) -> None:
    new = link.with_suffix(".new")
    new.symlink_to(f"/usr/share/zoneinfo/{zone}")
    new.replace(link)


def test_done_by_a_command(evening: Evening, service: Running) -> None:
    """`remind done` in another process removes the notification, and it is not shown again."""
    evening.set(on(24, "22:00:01"))
    service.look_round()
    eventually(lambda: evening.server.showing() == 1)
    evening.set(on(24, "22:02:00"))
    assert evening.home.remind("done").returncode == 0
    service.look_round()
    eventually(lambda: evening.server.showing() == 0)
    for time in ("22:10:01", "22:20:01", "23:31:00"):
        evening.set(on(24, time))
        service.look_round()
    assert service.end() == 0
    assert len(evening.shown()) == 1
    (row,) = evening.home.json("history")
    assert (row["state"], row["answer"]) == ("answered", "done")


def test_snoozed_by_a_command(evening: Evening, service: Running) -> None:
    """`remind snooze` in another process has it shown again when the snooze ends, not at an earlier repeat."""
    evening.set(on(24, "22:00:01"))
    service.look_round()
    eventually(lambda: evening.server.showing() == 1)
    evening.set(on(24, "22:02:00"))
    assert evening.home.remind("snooze", "25 min").returncode == 0
    for time in ("22:10:01", "22:20:01", "22:26:30", "22:27:20"):
        evening.set(on(24, time))
        service.look_round()
    _, second = eventually(lambda: len(shown := evening.shown()) == 2 and shown)
    assert timedelta(minutes=25) <= second - on(24, "22:02:00") < timedelta(minutes=26)
    service.says("the snooze is over")
