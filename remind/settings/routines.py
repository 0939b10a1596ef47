"""Where routines come from: the shipped ones, the person's own, or one file."""

import os
from functools import cache
from pathlib import Path

from remind import files
from remind.core.figure import Pose, read_poses
from remind.core.routine import Routine, read_routine
from remind.core.schema import SchemaError, nearest
from remind.errors import SettingsError, UsageError


@cache
def poses() -> dict[str, Pose]:
    """The shipped poses by name.

    Raises:
        SettingsError: the file of poses is missing or at fault.
    """
    path = files.shipped() / "poses.toml"
    try:
        return read_poses(files.read_toml(path))
    except FileNotFoundError:
        raise SettingsError(f"{path}: is missing; install remind again") from None
    except SchemaError as error:
        raise SettingsError(_lines(path, error)) from error


def available(own: Path) -> dict[str, Path]:
    """Each routine's file by its name, sorted; one in the folder `own` replaces the shipped one."""
    shipped = files.shipped() / "routines"
    found = {path.stem: path for folder in (shipped, own) for path in _toml_files(folder)}
    return dict(sorted(found.items()))


def find(which: str, own: Path) -> Path:
    """The file of the routine that is named, or pointed to by a path.

    Raises:
        UsageError: there is none of that name, or no such home.
    """
    known = available(own)
    if which in known:
        return known[which]
    if which.endswith(".toml") or os.sep in which:
        try:
            return Path(which).expanduser()
        except RuntimeError:  # a ~ that leads to no home
            raise UsageError(f"there is no file {which!r}") from None
    raise UsageError(f"there is no routine {which!r}; {nearest(which, known)}")


def load(path: Path) -> Routine:
    """The checked routine in `path`.

    Raises:
        SettingsError: one line for each fault, with the file and the key.
        UsageError: there is no such file.
    """
    if not path.stem.isprintable():  # the diary and JSON take no name that is not UTF-8
        raise SettingsError(f"{str(path)!a}: has a name that cannot be written down; rename the file")
    try:
        return read_routine(files.read_toml(path), poses())
    except FileNotFoundError:
        raise UsageError(f"there is no file {str(path)!r}") from None
    except SchemaError as error:
        raise SettingsError(_lines(path, error)) from error


def _toml_files(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if path.suffix == ".toml" and not path.name.startswith(".")]
    except OSError:  # most people have no folder of their own
        return []


def _lines(path: Path, error: SchemaError) -> str:
    return "\n".join(f"{path}: {fault}" for fault in error.faults)
