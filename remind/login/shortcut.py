"""Shortcuts of Windows, made by the shell's own objects, which keep every character of a path."""

import ctypes
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from remind.errors import RemindError
from remind.files import os_errors_as

_SHELL_LINK = UUID("00021401-0000-0000-C000-000000000046")
_I_SHELL_LINK_W = UUID("000214F9-0000-0000-C000-000000000046")
_I_PERSIST_FILE = UUID("0000010b-0000-0000-C000-000000000046")
_IN_PROCESS = 1
# The places of the methods in the tables of IShellLinkW and IPersistFile: see shobjidl_core.h and objidl.h.
_QUERY_INTERFACE = 0
_SET_DESCRIPTION, _SET_FOLDER, _SET_ARGUMENTS, _SET_ICON, _SET_PATH = 7, 9, 11, 17, 20
_SAVE = 6


def save(
    path: Path, target: str, arguments: Sequence[str], folder: str, description: str, icon: Path | None = None
) -> None:
    """Write a shortcut that runs `target` in `folder`. Raise RemindError if Windows refuses."""
    if sys.platform != "win32":
        raise RemindError(f"{path}: only Windows can write a shortcut")
    with os_errors_as(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    text, link, file = ctypes.c_wchar_p, ctypes.c_void_p(), ctypes.c_void_p()
    try:
        ctypes.oledll.ole32.CoInitialize(None)
        ctypes.oledll.ole32.CoCreateInstance(
            _guid(_SHELL_LINK), None, _IN_PROCESS, _guid(_I_SHELL_LINK_W), ctypes.byref(link)
        )
        _call(link, _SET_PATH, text(target))
        _call(link, _SET_ARGUMENTS, text(subprocess.list2cmdline(arguments)))
        _call(link, _SET_FOLDER, text(folder))
        _call(link, _SET_DESCRIPTION, text(description))
        if icon:
            _call(link, _SET_ICON, text(str(icon)), ctypes.c_int(0))
        _call(link, _QUERY_INTERFACE, _guid(_I_PERSIST_FILE), ctypes.pointer(file))
        _call(file, _SAVE, text(str(path)), ctypes.c_int(1))
    except OSError as error:
        raise RemindError(f"{path}: cannot be written: {error.strerror}") from error


def _guid(value: UUID) -> "ctypes.Array[ctypes.c_char]":
    return ctypes.create_string_buffer(value.bytes_le, 16)


def _call(this: ctypes.c_void_p, method: int, *arguments: Any) -> None:
    """Call a method of a COM object by its place in the table. Raise OSError if it fails."""
    if sys.platform == "win32":
        table = ctypes.cast(this, ctypes.POINTER(ctypes.POINTER(ctypes.c_void_p))).contents
        kind = ctypes.WINFUNCTYPE(ctypes.HRESULT, ctypes.c_void_p, *(type(one) for one in arguments))
        kind(table[method] or 0)(this, *arguments)
