"""This very installation as a service manager needs it: an interpreter, and where its files stand."""

import os
import sys
from pathlib import Path

import msgspec

import remind
from remind.errors import RemindError

_DEFAULTS = {"XDG_CONFIG_HOME": ".config", "XDG_DATA_HOME": ".local/share", "XDG_STATE_HOME": ".local/state"}
_ASK = "import remind; print(remind.__file__)"


class Installation(msgspec.Struct, frozen=True):
    """What runs `INTERPRETER -P -m remind.service` as the installing shell would; absolute paths."""

    interpreter: str
    environment: dict[str, str]


def this_installation() -> Installation:
    """The installation that runs now, with each of its folders that is not where a login would look for it.

    Raises:
        RemindError: the interpreter does not know its own path.
    """
    if not sys.executable:
        raise RemindError("Python does not know its own path here; run remind from an ordinary virtual environment")
    environment = {
        name: str(base_folder(name))
        for name, default in _DEFAULTS.items()
        if base_folder(name) != Path.home() / default
    }
    if not _found_without_help():
        environment["PYTHONPATH"] = str(Path(remind.__file__).parent.parent)
    return Installation(sys.executable, environment)


def base_folder(name: str) -> Path:
    """The folder that the XDG variable `name` stands for in this environment."""
    set_to = os.environ.get(name, "").strip()
    return Path(set_to).absolute() if set_to else Path.home() / _DEFAULTS[name]


def _found_without_help() -> bool:
    """Whether the interpreter finds this package without the current folder and PYTHONPATH."""
    import subprocess  # `remind status` needs none of it

    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    asked = subprocess.run(
        [sys.executable, "-P", "-c", _ASK], env=environment, capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() == remind.__file__
