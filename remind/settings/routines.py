"""Finding and reading routines: the shipped ones, the person's own, or a single file."""

import os
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from remind import files
from remind.core.diary import RELIEF
from remind.core.routine import Phase, Routine, plan, read_routine
from remind.core.schema import SchemaError, nearest, read
from remind.errors import RemindError, SettingsError, UsageError
from remind.settings.faults import settings_error

if TYPE_CHECKING:
    from remind.core.figure import Pose


@cache
def poses() -> "dict[str, Pose]":
    """Return the shipped poses by name.

    Raises:
        SettingsError: the file of poses is missing or has faults.
    """
    from remind.core.figure import Pose  # the service shows no figure

    path = files.shipped() / "poses.toml"
    try:
        text = files.read_text(path)
        return read(files.parse_toml(text, path), dict[str, Pose])
    except FileNotFoundError:
        raise SettingsError(f"{path}: is missing. Install remind again.") from None
    except SchemaError as error:
        raise settings_error(path, text, error.faults) from error


def find(which: str, own: Path) -> Path:
    """Return the file of the routine `which`, a name or a path.

    Raises:
        UsageError: there is no such routine, or no such home folder.
    """
    known = files.routine_files(own)
    if which in known:
        return known[which]
    if which.endswith(".toml") or os.sep in which:
        try:
            return Path(which).expanduser()
        except RuntimeError:  # a ~ without a home folder
            raise UsageError(f"there is no file {which!r}") from None
    raise UsageError(f"there is no routine {which!r}. {nearest(which, known)}")


def relief_plan(own: Path) -> tuple[Phase, ...]:
    """Return the steps of relief during a cramp: the person's own, or the shipped ones where theirs are at fault."""
    try:
        return plan(load(find(RELIEF, own)))
    except RemindError:  # that can wait until the morning
        return plan(load(files.shipped() / "routines" / f"{RELIEF}.toml"))


def load(path: Path) -> Routine:
    """Return the checked routine in `path`.

    Raises:
        SettingsError: one line for each fault, with the file and the key.
        UsageError: there is no such file.
    """
    if not path.stem.isprintable():  # the diary and JSON only take names in UTF-8
        raise SettingsError(f"{str(path)!a}: has a name that cannot be saved in the diary. Rename the file.")
    try:
        return _routine(path, files.read_text(path))
    except FileNotFoundError:
        raise UsageError(f"there is no file {str(path)!r}") from None


@lru_cache(maxsize=8)  # the service reads the same file at each stretch, and the page at each request
def _routine(path: Path, text: str) -> Routine:
    try:
        return read_routine(files.parse_toml(text, path), poses())
    except SchemaError as error:
        raise settings_error(path, text, error.faults) from error
