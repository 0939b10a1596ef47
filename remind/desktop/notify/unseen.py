"""What to do on each desktop where a notification was sent and not seen."""

_UNSEEN = {
    "GNOME": "Open Settings, Notifications: switch notifications on, and Do Not Disturb off.",
    "KDE": "Open System Settings, Notifications, and switch Do Not Disturb off in the panel.",
    "XFCE": "Open Settings, Notifications, and switch Do Not Disturb off. If there is no such page, install "
    "xfce4-notifyd.",
    "MATE": "Open Preferences, Popup Notifications. If there is no such page, install mate-notification-daemon.",
    "X-Cinnamon": "Open System Settings, Notifications, and switch notifications on.",
    "LXQt": "Open Preferences, LXQt Settings, Desktop Notifications.",
    "sway": "Start a notification server such as mako or dunst from your sway configuration.",
    "win32": "Open Settings, System, Notifications: switch notifications on, and do not disturb off.",
    "darwin": "Open System Settings, Notifications, and allow notifications. Switch Focus off.",
}
_UNSEEN_ELSEWHERE = "Start the notification server of your desktop, or install one such as dunst."


def unseen_advice(desktop: str, platform: str) -> str:
    """Return what to do where a notification wasn't seen.

    `desktop` is $XDG_CURRENT_DESKTOP, such as ubuntu:GNOME, and `platform` is `sys.platform`.
    """
    names = [platform, *desktop.split(":")]
    first = next((_UNSEEN[name] for name in names if name in _UNSEEN), _UNSEEN_ELSEWHERE)
    return f"{first} `remind doctor` checks the rest, and `remind notify` shows the test again."
