"""The D-Bus probes, with services that have the names, paths and types of the real ones."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from fake_desktop import ABOUT, SERVER, FakeDesktop
from listener import Listener
from presence_contract import PATIENT_S, ProbeContract
from virtual_desktop import PrivateBus

from remind.desktop.environ import session_environ
from remind.desktop.presence.dbus_queries import SESSION, SYSTEM, on_bus
from remind.desktop.presence.presence import ProbeResult, Readings

pytestmark = pytest.mark.desktop

GET = "org.freedesktop.DBus.Properties.Get"
SEVEN_S = Readings(idle=timedelta(seconds=7))
LOCKED, QUIET = Readings(locked=True), Readings(do_not_disturb=True)


_LET_IN = b"OK 0123456789abcdef0123456789abcdef\r\n"


class Service(NamedTuple):
    """A service as a desktop runs it: its address, the query, the answer, and what the answer means."""

    name: str
    path: str
    asked: tuple[str, ...]
    says: tuple[str, tuple[object, ...]]
    means: Readings
    about: str = "another server"


def _lock(desktop: str) -> Service:
    name = f"org.{desktop}.ScreenSaver"
    return Service(name, f"/org/{desktop}/ScreenSaver", (f"{name}.GetActive",), ("b", (True,)), LOCKED)


SERVICES = {
    "Mutter": Service(
        "org.gnome.Mutter.IdleMonitor",
        "/org/gnome/Mutter/IdleMonitor/Core",
        ("org.gnome.Mutter.IdleMonitor.GetIdletime",),
        ("t", (7000,)),
        SEVEN_S,
    ),
    "idle time of KDE": Service(
        "org.freedesktop.ScreenSaver",
        "/org/freedesktop/ScreenSaver",
        ("org.freedesktop.ScreenSaver.GetSessionIdleTime",),
        ("u", (7000,)),
        SEVEN_S,
    ),
    **{f"screen lock of {name}": _lock(name) for name in ("freedesktop", "gnome", "xfce", "cinnamon", "mate")},
    "screen lock of GNOME Shell": _lock("gnome")._replace(name="org.gnome.Shell.ScreenShield"),
    "notifications of KDE": Service(
        SERVER, "/org/freedesktop/Notifications", (GET, SERVER, "Inhibited"), ("v", (("b", True),)), QUIET
    ),
    "dunst": Service(
        SERVER,
        "/org/freedesktop/Notifications",
        (GET, "org.dunstproject.cmd0", "paused"),
        ("v", (("b", True),)),
        QUIET,
    ),
    "notifications of Xfce": Service(
        "org.xfce.Xfconf",
        "/org/xfce/Xfconf",
        ("org.xfce.Xfconf.GetProperty", "xfce4-notifyd", "/do-not-disturb"),
        ("v", (("b", True),)),
        QUIET,
        about="Xfce Notify Daemon",
    ),
    "mako": Service(
        SERVER, "/fr/emersion/Mako", ("fr.emersion.Mako.ListModes",), ("as", (["default", "do-not-disturb"],)), QUIET
    ),
    "swaync": Service(
        "org.erikreider.swaync.cc",
        "/org/erikreider/swaync/cc",
        ("org.erikreider.swaync.cc.GetDnd",),
        ("b", (True,)),
        QUIET,
    ),
    "logind": Service(
        "org.freedesktop.login1",
        "/org/freedesktop/login1/session/auto",
        ("org.freedesktop.DBus.Properties.GetAll", "org.freedesktop.login1.Session"),
        (
            "a{sv}",
            (
                {
                    "LockedHint": ("b", True),
                    "IdleHint": ("b", False),
                    "IdleSinceHintMonotonic": ("t", 0),
                    "Name": ("s", "ada"),
                },
            ),
        ),
        LOCKED,
    ),
}
PROBES = {probe.name: probe for probe in (*SESSION, *SYSTEM)}
RUBBISH = {"b": ("s", ("yes",)), "v": ("v", (("s", "yes"),)), "a{sv}": ("a{sv}", ({},))}


class BusRig:
    """The probe called `name`, with a desktop that has what it asks for."""

    def __init__(self, address: str, name: str) -> None:
        self.service = service = SERVICES[name]
        self.said = service.means
        self._ask = on_bus(lambda _: address, [PROBES[name]])
        about = ("ssss", (service.about, "", "", ""))
        self.desktop = FakeDesktop(
            address, [*{service.name, SERVER}], service.path, {service.asked: service.says, ABOUT: about}
        )

    def ask(self, seconds: float) -> ProbeResult:
        (told,) = self._ask({}, time.monotonic() + seconds)
        return told

    def hang(self) -> None:
        self.desktop.behaviour = "hang"

    def talk_rubbish(self) -> None:
        self.say(RUBBISH.get(self.service.says[0], ("s", ("7000",))))

    def leave(self) -> None:
        self.desktop.end()

    def say(self, said: tuple[str, tuple[object, ...]]) -> None:
        self.desktop.answers = {**self.desktop.answers, self.service.asked: said}


@pytest.fixture
def name() -> str:
    """The probe that a test is about."""
    return "Mutter"


@pytest.fixture
def rig(bus: PrivateBus, name: str) -> Iterator[BusRig]:
    rig = BusRig(bus.address, name)
    yield rig
    rig.desktop.end()


class TestBusProbes(ProbeContract):
    """Every probe keeps the contract."""

    @pytest.fixture(params=SERVICES)
    def name(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)


def test_every_probe_is_tested() -> None:
    """Every probe has a service here."""
    assert SERVICES.keys() == PROBES.keys()


@pytest.mark.parametrize("name", [name for name, service in SERVICES.items() if service.says[0] in "bv"])
def test_a_no_is_no(rig: BusRig) -> None:
    """A switch that is off is known to be off."""
    kind = rig.service.says[0]
    rig.say((kind, (False,) if kind == "b" else (("b", False),)))
    known = {name: value for name in Readings.__struct_fields__ if (value := getattr(rig.said, name)) is not None}
    assert rig.ask(PATIENT_S).readings == Readings(**dict.fromkeys(known, False))


@pytest.mark.parametrize("name", ["mako"])
def test_another_mode_of_mako_is_not_quiet(rig: BusRig) -> None:
    """Only the mode in its manual counts as do not disturb."""
    rig.say(("as", (["default"],)))
    assert rig.ask(PATIENT_S).readings == Readings(do_not_disturb=False)


@pytest.mark.parametrize("name", ["mako"])
def test_the_first_of_two_replies_counts(rig: BusRig) -> None:
    """mako 1.10 sends an error after the list of its modes."""
    rig.desktop.behaviour = "twice"
    assert {rig.ask(PATIENT_S).readings for _ in range(5)} == {QUIET}


@pytest.mark.parametrize("milliseconds", [11 * 366 * 86_400_000, 2**64 - 1])
def test_no_desktop_is_idle_for_ten_years(rig: BusRig, milliseconds: int) -> None:
    """A number that cannot be an idle time makes no sense."""
    rig.say(("t", (milliseconds,)))
    told = rig.ask(PATIENT_S)
    assert told.readings == Readings()
    assert told.failed


@pytest.mark.parametrize("name", ["idle time of KDE"])
def test_a_zero_of_kde_is_unknown(rig: BusRig) -> None:
    """KDE says 0 when it does not know, so 0 does not mean that the person is typing."""
    rig.say(("u", (0,)))
    told = rig.ask(PATIENT_S)
    assert told.readings == Readings()
    assert not told.failed


@pytest.mark.parametrize("name", ["notifications of Xfce"])
def test_a_setting_that_nobody_heeds_is_unknown(rig: BusRig) -> None:
    """The setting for Xfce's server means nothing while another server runs."""
    rig.desktop.answers = {**rig.desktop.answers, ABOUT: ("ssss", ("dunst", "", "", ""))}
    told = rig.ask(PATIENT_S)
    assert told.readings == Readings()
    assert "dunst" in told.unavailable


class TestLogind:
    """The hints of a session."""

    @pytest.fixture
    def name(self) -> str:
        return "logind"

    def hints(self, rig: BusRig, *, locked: bool, idle: bool, since_us: int) -> Readings:
        values = {"LockedHint": ("b", locked), "IdleHint": ("b", idle), "IdleSinceHintMonotonic": ("t", since_us)}
        rig.say(("a{sv}", (values,)))
        return rig.ask(PATIENT_S).readings

    def test_no_hint_is_no_answer(self, rig: BusRig) -> None:
        """Many desktops never set a hint, so without one nothing is known."""
        assert self.hints(rig, locked=False, idle=False, since_us=0) == Readings()

    def test_idle_since(self, rig: BusRig) -> None:
        """An idle session reports its idle time, and no lock if there is no hint of one."""
        idle_s = time.monotonic() / 2  # half of the time since the computer started, since there may not be ten minutes
        readings = self.hints(rig, locked=False, idle=True, since_us=int((time.monotonic() - idle_s) * 1_000_000))
        assert readings.idle is not None
        assert timedelta(seconds=idle_s - 1) < readings.idle < timedelta(seconds=idle_s + 60)
        assert readings.locked is None

    def test_idle_in_the_future_makes_no_sense(self, rig: BusRig) -> None:
        """A time of the last input in the future makes no sense."""
        assert self.hints(rig, locked=False, idle=True, since_us=2**60) == Readings()


def test_one_that_hangs_delays_no_other(bus: PrivateBus, tmp_path: Path) -> None:
    """The queries that are answered are reported, although another one is not."""
    lock, mutter = SERVICES["screen lock of gnome"], SERVICES["Mutter"]
    hanging = FakeDesktop(bus.address, [mutter.name], mutter.path, {})
    hanging.behaviour = "hang"
    other = FakeDesktop(bus.address, [lock.name], lock.path, {lock.asked: lock.says})
    told = {one.probe: one for one in on_bus(lambda _: bus.address, SESSION)({}, time.monotonic() + 1.0)}
    hanging.end()
    other.end()
    assert told["Mutter"].failed
    assert told["screen lock of gnome"].readings == LOCKED
    assert [one.probe for one in told.values() if one.failed] == ["Mutter"]


def test_a_crash_is_unknown(rig: BusRig) -> None:
    """A service that ends during the query reports nothing."""
    rig.desktop.behaviour = "crash"
    assert rig.ask(PATIENT_S).readings == Readings()


def test_a_bus_that_hangs_is_bounded(tmp_path: Path) -> None:
    """A stopped bus costs only the time limit."""
    bus = PrivateBus(tmp_path / "bus")
    bus.start()
    bus.hang()
    began = time.monotonic()
    told = on_bus(lambda _: bus.address, SESSION)({}, began + 0.3)
    assert time.monotonic() - began < 10
    bus.recover()
    bus.kill()
    assert all(one.failed for one in told)
    assert len(told) == len(SESSION)


@pytest.mark.parametrize(
    "said",
    [
        [b"HTTP/1.1 400 Bad Request\r\n\r\n"],
        [b"REJECTED\r\n"],
        [_LET_IN, b""],
        [_LET_IN, b"\x00" * 64],
        [_LET_IN, b"l\x02\x00\x01" + b"\xff" * 60],
        [_LET_IN, b"l\x02\x00\x01" + bytes(12)],
        [
            _LET_IN,
            b"l\x02\x00\x01\x04\x00\x00\x00\x01\x00\x00\x00\x08\x00\x00\x00" + b"\x05\x01z\x00\x09\x00\x00\x00" * 9,
        ],
        [_LET_IN, b"l\x02\x00\x01" + bytes(4) + b"\1\0\0\0\x0a\0\0\0\1\1o\0\1\0\0\0/without an end"],
    ],
)
def test_what_is_no_bus_tells_nothing(tmp_path: Path, said: list[bytes]) -> None:
    """If something else listens at the address of the bus, every probe on it fails, and nothing is raised."""
    listener = Listener(tmp_path / "bus", *said)
    told = on_bus(lambda _: f"unix:path={tmp_path}/bus", SESSION)({}, time.monotonic() + PATIENT_S)
    listener.end()
    assert {(one.readings, one.failed) for one in told} == {(Readings(), True)}


def test_a_bus_that_is_gone_tells_nothing(tmp_path: Path) -> None:
    """A bus that has ended is not a failure."""
    told = on_bus(lambda _: f"unix:path={tmp_path}/bus", SESSION)({}, time.monotonic() + PATIENT_S)
    assert {(one.readings, one.failed) for one in told} == {(Readings(), False)}


def test_a_service_finds_the_display_of_a_desktop_that_came_later(bus: PrivateBus) -> None:
    """A service that started before the desktop gets the environment that the desktop gave systemd."""
    systemd = FakeDesktop(
        bus.address,
        ["org.freedesktop.systemd1"],
        "/org/freedesktop/systemd1",
        {
            (GET, "org.freedesktop.systemd1.Manager", "Environment"): (
                "v",
                (("as", ["DISPLAY=:7", "HOME=/elsewhere", "ODD=a=b"]),),
            )
        },
    )

    bus = {"DBUS_SESSION_BUS_ADDRESS": bus.address}

    def asked(environ: dict[str, str]) -> object:
        return session_environ({**environ, **bus}, PATIENT_S)

    assert asked({"HOME": "/home/ada"}) == {"HOME": "/home/ada", "DISPLAY": ":7", "ODD": "a=b", **bus}
    assert asked({"DISPLAY": ":1"}) == {"DISPLAY": ":1", **bus}
    systemd.behaviour = "crash"
    assert asked({"HOME": "/home/ada"}) == {"HOME": "/home/ada", **bus}
    systemd.end()
