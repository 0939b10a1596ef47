"""One diary on several machines, through a folder that a sync tool copies in its own way and time."""

import os
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from diaries import AT, cramp, drink, families, quiet
from hypothesis import given, settings
from hypothesis import strategies as st

from remind.core.diary import Cramp, Row, corrected, merged, night_of, removal
from remind.errors import RemindError
from remind.store.database import Database
from remind.store.diary import new_id
from remind.store.diary_file import diary_text
from remind.store.shared_folder import SharedFolder
from remind.store.store import Store

CONFLICTS = (
    "{}.sync-conflict-20261125-030405-ABCDEFG.json",
    "{} (conflicted copy 2026-11-25 030405).json",
    "{} (Anna's conflicted copy 2026-11-25).JSON",
)


class Machine:
    """A machine with a database and its own copy of the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "Sync"
        self.folder.mkdir(parents=True)
        self.store = Store(Database.open(folder / "remind.db", AT))
        self.shared = SharedFolder(self.folder, self.store)

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.folder.iterdir() if path.is_file()}

    def text(self) -> str:
        return diary_text(self.store.diary.rows())

    def puts(self, name: str, content: bytes | str) -> None:
        (self.folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[list[Machine]]:
    found = [Machine(tmp_path / name) for name in "abc"]
    yield found
    for machine in found:
        machine.store.database.close()


@pytest.fixture
def machine(machines: list[Machine]) -> Machine:
    return machines[0]


def writes(machine: Machine, chance: random.Random, now: datetime) -> None:
    """Write something into the diary of `machine`: an entry, a correction, a removal, or an undo."""
    diary = machine.store.diary
    entries = diary.entries()
    what = chance.choice(["cramp", "drink", "quiet", "correct", "remove", "undo"] if entries else ["cramp"])
    at = {"id": new_id(), "at": now, "written_at": now}
    if what == "cramp":
        diary.add(cramp(**at, severity=chance.randint(0, 10)))
    elif what == "drink":
        diary.add(drink(**at))
    elif what == "quiet":
        diary.add(quiet(night_of(now), **at))
    elif what == "undo":
        diary.undo(now)
    else:
        entry = chance.choice(entries)
        changed = isinstance(entry, Cramp) and what == "correct"
        diary.add(corrected(entry, new_id(), now, severity=3) if changed else removal(entry, new_id(), now))


class SyncTool:
    """Copies files between two machines late, out of order, twice, in halves, and as conflict copies."""

    def __init__(self, machines: list[Machine], chance: random.Random) -> None:
        self._machines = machines
        self._chance = chance
        self._on_the_way: list[tuple[Machine, str, bytes]] = []

    def looks(self) -> None:
        """Take what is in the folders on the way, and let some of it arrive."""
        chance = self._chance
        for sender in self._machines:
            for name, content in sender.files().items():
                others = [one for one in self._machines if one is not sender]
                self._on_the_way += [(other, name, content) for other in others if chance.random() < 0.5]
        chance.shuffle(self._on_the_way)
        for receiver, name, content in self._on_the_way[: len(self._on_the_way) // 2]:
            self._arrives(receiver, name, content)
        kept = self._on_the_way[len(self._on_the_way) // 2 :]
        self._on_the_way = kept + kept[: chance.randint(0, 2)]

    def _arrives(self, receiver: Machine, name: str, content: bytes) -> None:
        how = self._chance.random()
        if how < 0.2:
            content = content[: self._chance.randrange(len(content) + 1)]
        elif how < 0.4:
            name = self._chance.choice(CONFLICTS).format(name.partition(".json")[0][:40])
        receiver.puts(name, content)

    def finishes(self) -> None:
        """Let the newest of each machine's own file arrive whole."""
        for sender in self._machines:
            name = sender.shared._own_name()
            for other in self._machines:
                if other is not sender:
                    other.puts(name, sender.files()[name])


@pytest.mark.parametrize("seed", range(2))
def test_two_machines_come_to_the_same_diary_after_thirty_days(machines: list[Machine], seed: int) -> None:
    """However late, out of order, doubled or in halves the files came; and nothing that was written is lost."""
    chance, both = random.Random(seed), machines[:2]  # noqa: S311
    tool, away = SyncTool(both, chance), both[0].folder.with_name("unmounted")
    for half_day in range(30 * 2):
        now = AT + timedelta(hours=12 * half_day)
        for machine in both:
            if chance.random() < 0.7:
                writes(machine, chance, now + timedelta(seconds=chance.randint(-7200, 7200)))
            if chance.random() < 0.7:  # else it sleeps
                machine.shared.sync()
        if half_day == 20:
            both[0].folder.rename(away)
            with pytest.raises(RemindError, match="cannot be read"):
                both[0].shared.sync()
            away.rename(both[0].folder)
        tool.looks()
    written = merged(*(machine.store.diary.rows() for machine in both))
    assert both[0].text() != both[1].text()  # it was worth the trouble
    for _ in range(2):
        for machine in both:
            machine.shared.sync()
        tool.finishes()
    assert both[0].text() == both[1].text() == diary_text(written)
    assert [machine.shared.sync() for machine in both] == [0, 0]


@settings(max_examples=30)
@given(data=st.data(), diaries=families())
def test_files_may_come_in_any_order(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, diaries: list[list[Row]]
) -> None:
    """One after another or at once, again or in halves before: the diary is the union of all."""
    folder = tmp_path_factory.mktemp("sync")
    database = Database.open_for_reading(folder / "none.db", AT)  # in memory
    with database:
        shared = SharedFolder(folder, Store(database))
        names = [f"remind-diary-{place}.json" for place in range(len(diaries))]
        for place in [*data.draw(st.lists(st.sampled_from(range(len(diaries))), max_size=6)), *range(len(diaries))]:
            text = diary_text(diaries[place])
            if data.draw(st.booleans()):
                (folder / names[place]).write_text(text[: data.draw(st.integers(0, len(text) - 2))], encoding="utf-8")
                shared.sync()
            (folder / names[place]).write_text(text, encoding="utf-8")
            if data.draw(st.booleans()):
                shared.sync()
        shared.sync()
        assert diary_text(shared._store.diary.rows()) == diary_text(merged(*diaries))


def test_nothing_is_read_or_written_until_something_changes(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The own file is written once, and again when the diary grew, or somebody took the file away or changed it."""
    machine.store.diary.add(drink())
    machine.shared.sync()
    (own,) = machine.folder.iterdir()
    for change in (lambda: machine.store.diary.add(drink()), own.unlink, lambda: own.write_text("{")):
        change()
        machine.shared.sync()
        assert own.read_text() == machine.text()
        at = own.stat().st_mtime_ns
        machine.shared.sync()
        assert own.stat().st_mtime_ns == at
    monkeypatch.setattr("remind.store.shared_folder.read_diary_file", lambda _: pytest.fail("nothing changed"))
    machine.shared.sync()


@pytest.mark.posix
def test_what_others_keep_in_the_folder_is_left_alone(machine: Machine) -> None:
    """Other files, folders, pipes and what a sync tool is still writing; none of them is read as a diary or changed."""
    theirs = diary_text([drink()])
    for name in (
        "notes.json",
        ".remind-diary-x.json.tmp",
        "remind-diary-x.json.part",
        "diary.json",
        "~remind-diary-x.json",
    ):
        machine.puts(name, theirs)
    for place, content in enumerate((b"", b"\0\xff", b"[" * 100_000, b"null", theirs.encode()[:-9], b'{"version": 1}')):
        machine.puts(f"remind-diary-{place}.json", content)
    (machine.folder / "remind-diary-folder.json").mkdir()
    os.mkfifo(machine.folder / "remind-diary-pipe.json")
    (machine.folder / "remind-diary-link.json").symlink_to("nothing")
    before = machine.files()
    machine.store.diary.add(drink())
    assert machine.shared.sync() == 0
    assert len(machine.store.diary.rows()) == 1
    assert {name: content for name, content in machine.files().items() if name in before} == before
    assert len(list(machine.shared.faults())) == 8


@pytest.mark.parametrize("name", CONFLICTS)
def test_a_conflict_copy_is_merged(machine: Machine, name: str) -> None:
    """As Syncthing, Nextcloud and Dropbox name it."""
    machine.puts(name.format("remind-diary-7k3f"), diary_text([drink(), drink()]))
    assert machine.shared.sync() == 2


def test_an_entry_with_other_contents_stays_as_it_is_here(machine: Machine) -> None:
    """Somebody changed a file by hand; the rest of it is merged, and the doctor can name the entry."""
    row = drink(200)
    machine.store.diary.add(row)
    machine.puts("remind-diary-x.json", diary_text([msgspec.structs.replace(row, amount_ml=1), drink()]))
    assert machine.shared.sync() == 1
    assert machine.store.diary.entries()[0] == row
    assert [why for why, _ in machine.shared.faults()] == [
        f"{machine.folder / 'remind-diary-x.json'}: the entry {row.id} has other contents here"
    ]


@pytest.mark.parametrize("same", [False, True], ids=["set up anew", "from a backup"])
def test_what_a_database_lost_comes_back_from_the_folder(machine: Machine, tmp_path: Path, same: bool) -> None:
    """The own file is read before it is written."""
    machine.store.diary.add(drink())
    machine.shared.sync()
    with Database.open(tmp_path / "new.db", AT) as database:
        again = SharedFolder(machine.folder, Store(database))
        if same:
            again._store.key_values.set("machine", machine.store.key_values.get("machine") or "")
        assert again.sync() == 1
        assert again.sync() == 0


def test_a_copy_of_a_database_shares_too(machines: list[Machine]) -> None:
    """Two machines with the same number write the same file, and conflict copies bring their diaries together."""
    one, other, _ = machines
    one.shared.sync()
    other.store.key_values.set("machine", one.store.key_values.get("machine") or "")
    for machine in (one, other):
        machine.store.diary.add(drink())
        machine.shared.sync()
    (name,) = one.files()
    copies = {machine: machine.files()[name] for machine in (one, other)}
    one.puts(CONFLICTS[0].format(name[:-5]), copies[other])
    other.puts(CONFLICTS[0].format(name[:-5]), copies[one])
    for machine in (one, other):
        assert machine.shared.sync() == 1
    assert one.text() == other.text()
    assert one.files()[name] == other.files()[name]


def test_a_folder_that_is_missing_is_not_made(machine: Machine) -> None:
    """It may be on a disk that is not mounted; the diary stays as it is."""
    machine.store.diary.add(drink())
    machine.folder.rmdir()
    with pytest.raises(RemindError, match="cannot be read"):
        machine.shared.sync()
    assert not machine.folder.exists()
