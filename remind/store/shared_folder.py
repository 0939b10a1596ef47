"""One diary on several machines: each keeps its own file in a folder that a sync tool copies, and merges the others'.

Rows are only ever added and merging is a union, so files may come late, in any order, twice, or as conflict copies.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path

import msgspec

from remind.core.diary import Row
from remind.errors import RemindError
from remind.files import write_atomically
from remind.store.diary import new_id
from remind.store.diary_file import diary_text, read_diary_file
from remind.store.key_value import read_json
from remind.store.store import Store

_NAME = re.compile(r"remind-diary-.*\.json", re.IGNORECASE | re.DOTALL)
"""The files of all machines, and the conflict copies that sync tools make of them: they add to the end of the name."""
_MACHINE = "machine"
_SEEN = "shared folder"

Stamp = tuple[int, int, int]


class _Seen(msgspec.Struct, frozen=True):
    """What the folder and the diary were like when they had the same entries."""

    folder: str = ""
    rows: int = 0
    files: dict[str, Stamp] = {}


class SharedFolder:
    """The folder in which the diary of `store` meets those of other machines."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.folder = folder
        self._store = store

    def sync(self) -> int:
        """Merge what others put into the folder, and write what they lack. Return how many rows were merged.

        A file that can't be read yet is left for the next time: a sync tool may still be writing it.

        Raises:
            RemindError: the folder cannot be read or written, or the diary cannot.
        """
        diary, seen, found = self._store.diary, self._seen(), self._files()
        files = {name: stamp for name, stamp in seen.files.items() if found.get(name) == stamp}
        read: list[list[Row]] = []
        for name in found.keys() - files.keys():
            try:
                read.append(read_diary_file(self.folder / name))
            except RemindError:
                continue
            files[name] = found[name]
        merged = diary.merge(chain(*read), keep_own=True) if any(read) else 0
        own, count = self._own_name(), diary.count()  # before the rows: one that comes between is written next time
        if count != seen.rows or seen.files.get(own) != files.get(own) or own not in files:
            self._write(own, diary_text(diary.rows()))
            files |= {name: stamp for name, stamp in self._files().items() if name == own}
        now = _Seen(str(self.folder), count, files)
        if now != seen:
            self._store.key_values.set(_SEEN, msgspec.json.encode(now).decode())
        return merged

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the folder's files, each with what to do; it changes nothing.

        Raises:
            RemindError: the folder or the diary cannot be read.
        """
        here = {row.id: row for row in self._store.diary.rows()}
        for name in sorted(self._files()):
            try:
                rows = read_diary_file(self.folder / name)
            except RemindError as error:
                yield str(error), "it is read once it is whole; if it stays so, delete it: its machine writes it again"
                continue
            other = [row.id for row in rows if here.get(row.id, row) != row]
            if other:
                yield f"{self.folder / name}: the entry {other[0]} has other contents here", "here it stays as it is"

    def machines(self) -> int:
        """Return how many files of diaries there are. Raise RemindError if the folder cannot be read."""
        return len(self._files())

    def _seen(self) -> _Seen:
        seen = read_json(self._store.key_values, _SEEN, _Seen)
        return seen if seen is not None and seen.folder == str(self.folder) else _Seen()

    def _own_name(self) -> str:
        values = self._store.key_values
        machine = values.get(_MACHINE)
        if machine is None:
            machine = new_id()
            values.set(_MACHINE, machine)
        return f"remind-diary-{machine}.json"

    def _files(self) -> dict[str, Stamp]:
        """Return each file of a diary in the folder with what changes whenever it does."""
        try:
            paths = [path for path in self.folder.iterdir() if _NAME.fullmatch(path.name)]
        except OSError as error:
            raise RemindError(f"{self.folder}: cannot be read: {error.strerror}") from error
        found = {}
        for path in paths:
            with suppress(OSError):  # the sync tool may just have renamed it, or it is a link to nothing
                stat = path.stat()
                found[path.name] = stat.st_mtime_ns, stat.st_size, stat.st_ino
        return found

    def _write(self, name: str, text: str) -> None:
        """Write the file `name`, unless it says just that."""
        file = self.folder / name
        try:
            same = file.read_bytes() == text.encode()
        except OSError:
            same = False
        if not same:
            write_atomically(file, text)
