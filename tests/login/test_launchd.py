"""launchd: the contract under a fake launchctl, and the property list as plistlib and plistutil read it."""

import os
import plistlib
import shutil
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest
from fake_programs import calls
from manager_contract import HOSTILE, ManagerContract

from remind.errors import RemindError
from remind.files import shipped
from remind.login import MANAGERS, LoginManager
from remind.login.installation import Installation
from remind.login.launchd import is_as_written, render

TEMPLATE = (shipped() / "login" / "launchd.plist").read_text(encoding="utf-8")
TARGET = f"gui/{os.getuid()}/stretch-remind"


def agent_of(home: Path) -> Path:
    return home / "Library/LaunchAgents/stretch-remind.plist"


def agent(installation: Installation) -> dict[str, Any]:
    found = plistlib.loads(render(TEMPLATE, installation).encode())
    assert isinstance(found, dict)
    return found


class LaunchdRig(msgspec.Struct):
    """An agent under a launchctl."""

    manager: LoginManager
    home: Path
    starts_at_once: bool = True
    sees_edits: bool = True
    refuses: tuple[str, ...] = ()

    def edit(self) -> None:
        text = agent_of(self.home).read_text(encoding="utf-8")
        agent_of(self.home).write_text(text.replace(">30<", ">60<"), encoding="utf-8")

    def program(self) -> str:
        words = plistlib.loads(agent_of(self.home).read_bytes())["ProgramArguments"]
        assert words[1:] == ["-P", "-m", "remind.service", "--yield"]
        return str(words[0])


class TestLaunchd(ManagerContract):
    """An agent of a person who is logged in to the desktop."""

    @pytest.fixture
    def rig(self, home: Path, fake_launchctl: Path) -> LaunchdRig:  # noqa: ARG002
        return LaunchdRig(MANAGERS["launchd"](), home)


def test_the_agent_has_what_the_service_relies_on() -> None:
    """It starts at login to the desktop, again after a failure only, and never over and over for a second copy."""
    assert agent(Installation("/opt/remind/bin/python", {"XDG_DATA_HOME": "/data/a&b"})) == {
        "Label": "stretch-remind",
        "ProgramArguments": ["/opt/remind/bin/python", "-P", "-m", "remind.service", "--yield"],
        "EnvironmentVariables": {"XDG_DATA_HOME": "/data/a&b"},
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ThrottleInterval": 30,
        "ExitTimeOut": 10,
        "ProcessType": "Interactive",
        "LimitLoadToSessionType": "Aqua",
        "Umask": 0o077,
    }
    assert "EnvironmentVariables" not in agent(Installation("/opt/remind/bin/python", {}))


@pytest.mark.parametrize("kind", HOSTILE)
def test_plistutil_reads_it(tmp_path: Path, kind: str) -> None:
    """libplist, which is not Apple's nor Python's, reads the same."""
    assert shutil.which("plistutil"), "needs the Debian package libplist-utils"
    installation = Installation(HOSTILE[kind], {"XDG_DATA_HOME": HOSTILE[kind]})
    (tmp_path / "agent.plist").write_text(render(TEMPLATE, installation), encoding="utf-8")
    command = ["plistutil", "-i", tmp_path / "agent.plist", "-f", "bin", "-o", tmp_path / "binary.plist"]
    subprocess.run(command, check=True, capture_output=True)
    assert plistlib.loads((tmp_path / "binary.plist").read_bytes()) == agent(installation)


def test_any_edit_is_noticed() -> None:
    """An agent counts as written by remind only while nothing was changed, removed or added."""
    text = render(TEMPLATE, Installation("/opt/remind/bin/python", {}))
    assert is_as_written(text)
    for edited in (text + "\n", text.replace("30", "60"), text.replace("<!-- ", "<!--"), ""):
        assert not is_as_written(edited)


@pytest.mark.parametrize("path", ["/home/\x07/python", os.fsdecode(b"/home/\xff/python")])
def test_a_path_that_xml_lacks_is_refused(path: str) -> None:
    """The person is told before anything is written."""
    with pytest.raises(RemindError, match="install remind elsewhere"):
        render(TEMPLATE, Installation(path, {}))


def test_what_launchctl_is_asked(home: Path, fake_launchctl: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bootstrap and kickstart to start; bootout, and a wait for its end, to stop and before a newer agent is loaded."""
    manager = MANAGERS["launchd"]()

    def asked() -> list[str]:
        found = [call for call in calls(fake_launchctl) if not call.startswith("print")]
        (fake_launchctl / "calls").unlink()
        return found

    manager.install()
    domain = TARGET.rpartition("/")[0]
    start = [f"enable {TARGET}", f"bootstrap {domain} {agent_of(home)}", f"kickstart {TARGET}"]
    assert asked() == start
    manager.install()
    assert asked() == []
    manager.stop()
    assert asked() == [f"bootout {TARGET}"]
    manager.start()
    assert asked() == start
    monkeypatch.setenv("XDG_DATA_HOME", "/elsewhere")
    manager.install()
    assert asked() == [f"bootout {TARGET}", *start]
    (fake_launchctl / "running").unlink()  # it ended by itself
    manager.start()
    assert asked() == [f"kickstart {TARGET}"]


def test_without_a_desktop_it_waits_for_the_next_login(home: Path, fake_launchctl: Path) -> None:
    """Over ssh there is no session that an agent could join."""
    (fake_launchctl / "session").unlink()
    manager = MANAGERS["launchd"]()
    assert "not logged in to the desktop" in manager.install().waits
    assert agent_of(home).exists()
    assert not manager.status().running


def test_an_agent_that_was_switched_off(home: Path, fake_launchctl: Path) -> None:
    """The settings of macOS can do that; it counts as not enabled, and `start` switches it on again."""
    manager = MANAGERS["launchd"]()
    manager.install()
    manager.stop()
    (fake_launchctl / "off").touch()
    assert not manager.status().enabled
    manager.start()
    assert manager.status().enabled


def test_a_refusal_is_reported_in_one_line(home: Path, fake_launchctl: Path) -> None:
    """The error has the first line of what launchctl said."""
    (fake_launchctl / "refuses").touch()
    with pytest.raises(RemindError) as told:
        MANAGERS["launchd"]().install()
    assert told.value.lines == ["launchctl: Bootstrap failed: 5: Input/output error"]
