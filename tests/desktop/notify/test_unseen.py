"""What to do where a notification was not seen."""

import pytest

from remind.desktop.notify.unseen import unseen_advice


@pytest.mark.parametrize(
    ("desktop", "platform", "named"),
    [
        ("ubuntu:GNOME", "linux", "Do Not Disturb off"),
        ("KDE", "linux", "System Settings, Notifications"),
        ("XFCE", "linux", "xfce4-notifyd"),
        ("sway", "linux", "mako"),
        ("", "linux", "dunst"),
        ("XFCE", "win32", "Open Settings, System"),
        ("", "darwin", "Focus"),
    ],
)
def test_each_desktop_has_its_own_advice(desktop: str, platform: str, named: str) -> None:
    """The command that checks the rest comes after each."""
    advice = unseen_advice(desktop, platform)
    assert named in advice
    assert "`remind doctor`" in advice
