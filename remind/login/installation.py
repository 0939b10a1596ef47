"""This installation of remind as a service manager needs it: its interpreter and its environment."""

import os
import re
import sys
from functools import cache
from pathlib import Path

import msgspec

import remind
from remind.errors import RemindError

_DEFAULTS = {"XDG_CONFIG_HOME": ".config", "XDG_DATA_HOME": ".local/share", "XDG_STATE_HOME": ".local/state"}
MODULE = "remind.service"
"""What `python -P -m` runs: the service."""

YIELD = "--yield"
"""With this, a second copy ends with 0 instead of 5, for managers that restart after every other exit code."""

TAKE_OVER = "--take-over"
"""With this, the service replaces one that an earlier login to the desktop left behind."""

_ASK = "import remind; print(remind.__file__)"


class Installation(msgspec.Struct, frozen=True):
    """What makes `INTERPRETER -P -m remind` run as the installing shell would run it. Paths are absolute."""

    interpreter: str
    environment: dict[str, str]

    def through_env(self, module: str, *arguments: str) -> list[str]:
        """Return the words that run `module` where no other place can hold the environment.

        Raises:
            RemindError: `env` would take the interpreter's path for a variable.
        """
        if "=" in self.interpreter:
            raise RemindError(f"{self.interpreter}: a path with '=' can't be started here; install remind elsewhere")
        settings = [f"{name}={value}" for name, value in self.environment.items()]
        return ["/usr/bin/env", *settings, self.interpreter, "-P", "-m", module, *arguments]

    def without_console(self, module: str, *arguments: str) -> tuple[str, list[str], str]:
        """Return the program, its words and its folder that run `module` on Windows without a console.

        Neither a task nor a shortcut has an environment, so it finds a checkout by starting there.
        """
        program = re.sub(r"[^/\\]+$", "pythonw.exe", self.interpreter)
        checkout = self.environment.get("PYTHONPATH")
        return program, [*([] if checkout else ["-P"]), "-m", module, *arguments], checkout or str(Path.home())


def this_installation() -> Installation:
    """Return the running installation, with each of its folders that a login session would not find by itself.

    Raises:
        RemindError: the interpreter does not know its own path.
    """
    if not sys.executable:
        raise RemindError("Python does not know its own path here; run remind from an ordinary virtual environment")
    environment = {
        name: str(base_folder(name))
        for name, default in _DEFAULTS.items()
        if sys.platform != "win32" and base_folder(name) != Path.home() / default
    }
    if not _found_without_help(sys.executable):
        environment["PYTHONPATH"] = str(Path(remind.__file__).parent.parent)
    return Installation(sys.executable, environment)


def base_folder(name: str) -> Path:
    """Return the folder that the XDG variable `name` stands for here. As for platformdirs, a relative one is unset."""
    set_to = Path(os.environ.get(name, "").strip())
    return set_to if set_to.is_absolute() else Path.home() / _DEFAULTS[name]


def start_menu() -> Path:
    """Return the person's own folder of the Start menu of Windows."""
    roaming = os.environ.get("APPDATA") or str(Path.home() / "AppData" / "Roaming")
    return Path(roaming) / "Microsoft" / "Windows" / "Start Menu" / "Programs"


@cache
def _found_without_help(interpreter: str) -> bool:
    """Return whether `interpreter` finds this package without the current folder and PYTHONPATH."""
    import subprocess  # `remind status` needs none of it

    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    asked = subprocess.run(
        [interpreter, "-P", "-c", _ASK], env=environment, capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() == remind.__file__
