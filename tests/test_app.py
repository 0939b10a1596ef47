"""The channels and the phone that the settings ask for, and the addresses that a phone may have."""

import io
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TextIO

import pytest
from channel_contract import notification

from remind.app import App
from remind.desktop.notify.channel import ChannelError
from remind.desktop.notify.ntfy import NtfyPhone
from remind.errors import SettingsError
from remind.settings import model
from remind.settings.model import Settings

SECRET = "someone:passw0rd"


def of(text: str) -> Settings:
    return model.check(tomllib.loads(text), Path("settings.toml"))


class Nul(io.StringIO):
    """The null device of Windows, which says that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("platform", "names"),
    [
        ("linux", ["dbus", "plyer"]),
        ("freebsd14", ["dbus", "plyer"]),
        ("win32", ["desktop-notifier", "plyer"]),
        ("darwin", ["desktop-notifier", "osascript"]),
    ],
)
@pytest.mark.posix
def test_each_system_has_its_channels(
    monkeypatch: pytest.MonkeyPatch, terminal: TextIO, platform: str, names: list[str]
) -> None:
    """The best comes first; the console is added only if somebody watches it."""
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert [channel.name for channel in App().open_channels(of("")).channels] == names
    monkeypatch.setattr(sys, "stderr", terminal)
    assert [channel.name for channel in App().open_channels(of("")).channels] == [*names, "console"]
    monkeypatch.setattr(sys, "stderr", Nul())
    assert [channel.name for channel in App().open_channels(of("")).channels] == names


def test_a_chosen_console_shows_nothing_without_a_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under pythonw the null device replaces the missing stream, and nobody would see a reminder there."""
    monkeypatch.setattr(sys, "__stderr__", None)
    monkeypatch.setattr(sys, "stderr", Nul())
    chain = App().open_channels(of('[notify]\nchannel = "console"'))
    with pytest.raises(ChannelError, match="there is no console"):
        chain.show(notification())


@pytest.mark.parametrize("name", ["dbus", "desktop-notifier", "osascript", "plyer", "console"])
def test_a_chosen_channel_is_the_only_one(name: str) -> None:
    """Each has the name that the settings use."""
    chain = App().open_channels(of(f'[notify]\nchannel = "{name}"'))
    assert [channel.name for channel in chain.channels] == [name]


def test_without_an_address_there_is_no_phone() -> None:
    """A token alone is not enough, and no module is loaded for it."""
    assert App().open_phone(of("")) is None
    assert App().open_phone(of('[phone]\ntoken_file = "~/token"')) is None
    script = (
        "import pathlib, sys; from remind.app import App; from remind.settings.model import check\n"
        "App().open_phone(check({}, pathlib.Path())); sys.exit('remind.desktop.notify' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@pytest.mark.parametrize(
    "address",
    [
        "https://ntfy.sh/a-topic_9",
        "https://ntfy.example.org:8443/t",
        "https://example.org/push/ntfy/t",
        "https://[2001:db8::1]:443/t",
        "http://localhost:8080/t",
        "http://127.0.0.1/t",
        "http://[::1]:8080/t",
        f"https://h/{'t' * 64}",
    ],
)
def test_an_address_of_a_topic_is_accepted(address: str) -> None:
    """With TLS it may be anywhere, without TLS only on this computer."""
    assert isinstance(App().open_phone(of(f'[phone]\nntfy = "{address}"')), NtfyPhone)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ntfy.sh/topic",
        "https://ntfy.sh",
        "https://ntfy.sh/",
        "https://ntfy.sh/topic/",
        "https://ntfy.sh/topic?auth=passw0rd",
        "https://ntfy.sh/topic#x",
        "https://ntfy.sh/two words",
        "https://ntfy.sh/top\\r\\nic",
        "https://ntfy.sh/täpic",
        f"https://h/{'t' * 65}",
        f"https://{SECRET}@ntfy.sh/topic",
        "http://ntfy.sh/topic",
        "http://127.0.0.1.evil.example/topic",
        "http://localhost.evil.example/topic",
        "http://localhost@evil.example/topic",
        "http://192.168.1.9/topic",
        "ftp://ntfy.sh/topic",
        "file:///etc/passwd",
    ],
)
def test_any_other_address_is_a_fault_that_reveals_nothing(address: str) -> None:
    """One line names file and key but not the value, which may contain a password."""
    with pytest.raises(SettingsError) as error:
        of(f'[phone]\nntfy = "{address}"')
    (line,) = error.value.lines
    assert line.startswith("settings.toml: phone: ntfy is not an address")
    assert "passw0rd" not in line


@pytest.mark.posix
def test_a_token_file_needs_a_full_path() -> None:
    """Nobody knows in which folder a service starts."""
    for path in ("~/token", "/run/secrets/token"):
        assert of(f'[phone]\nntfy = "https://h/t"\ntoken_file = "{path}"').phone.token_file == path
    with pytest.raises(SettingsError, match="phone: token_file is not a full path"):
        of('[phone]\ntoken_file = "token"')
