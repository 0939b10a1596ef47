"""The login service as an XDG autostart entry, for desktops on a system that systemd does not run."""

from string import Template

from remind.files import read_text, shipped
from remind.login import background
from remind.login.desktop_entry import command, string, values
from remind.login.installation import MODULE, TAKE_OVER, Installation, this_installation
from remind.login.manager import Status
from remind.login.sealed_file import FileManager, digest

ENTRY = "remind.desktop"
_SEAL = "X-Remind-Seal"
_SWITCHES = {"Hidden": "true", "X-GNOME-Autostart-enabled": "false"}
"""The keys by which a desktop's own settings switch an entry off, with the values that do."""


def render(template: str, installation: Installation) -> str:
    """Return the sealed entry that runs `installation`. Raise RemindError if a path cannot be written into one."""
    body = Template(template).substitute(
        command=command(installation.through_env(MODULE, TAKE_OVER)), interpreter=string(installation.interpreter)
    )
    return f"{body}{_SEAL}={_digest(body)}\n"


def is_as_written(text: str) -> bool:
    """Return whether some version of `render` wrote `text` and at most a desktop's settings have changed it since."""
    return values(text).get(_SEAL) == _digest(text)


def is_switched_on(text: str) -> bool:
    """Return whether a desktop starts the entry `text` at login."""
    found = values(text)
    return not any(found.get(key, "").lower() == off for key, off in _SWITCHES.items())


def _digest(text: str) -> str:
    # A desktop that switches an entry off writes the whole file anew, so only the values count.
    return digest(
        "\n".join(f"{key}={value}" for key, value in sorted(values(text).items()) if key not in (_SEAL, *_SWITCHES))
    )


class Autostart(FileManager):
    """The desktop's own autostart, with an entry at `path`."""

    def text(self) -> str:
        return render(read_text(shipped() / "login" / "autostart.desktop"), this_installation())

    def status(self, limit_s: float = 0) -> Status:  # noqa: ARG002 - it asks no program
        text, pid = self._written(), background.service_pid(self._folders)
        return Status(text is not None, bool(text and is_switched_on(text)), pid is not None, pid=pid)

    _is_as_written = staticmethod(is_as_written)

    def _start(self) -> str:
        if background.service_pid(self._folders) is not None:
            return ""
        if waits := background.foreground(self._folders):
            return waits
        found = this_installation()
        background.start([found.interpreter, "-P", "-m", MODULE], found.environment, self._folders)
        return ""
