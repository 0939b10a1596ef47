"""Imports go down only, and the calculus has no clock."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import remind

PACKAGE = Path(remind.__file__).parent
MODULES = {
    ".".join(("remind", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
FLOORS = {
    "core": 0, "errors": 0,
    "store": 1, "settings": 1, "desktop": 1, "login": 1, "files": 1, "lock": 1, "zone": 1, "calendar_file": 1,
    "service": 2, "guide": 2, "page": 2, "app": 2,
    "doctor": 3,
    "cli": 4, "__main__": 4,
}  # fmt: skip
CLOCKS = {"now", "utcnow", "today"}
WORLD = {
    "io", "locale", "os", "pathlib", "platform", "random", "socket", "sqlite3", "subprocess", "sys",
    "tempfile", "time",
}  # fmt: skip


def part(module: str) -> str:
    """The folder or single module directly under the package; the package itself stands with the core."""
    return module.split(".")[1] if "." in module else "core"


def floor(module: str) -> int:
    return FLOORS[part(module)]


def imported(source: str) -> Iterator[str]:
    """Every module that `source` imports, at its top or within a function."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in MODULES else str(node.module)


def wrong_imports(module: str, source: str) -> list[str]:
    """What `module` must not import: from a floor above, or from another folder on its own floor."""
    wrong = []
    for name in imported(source):
        if name.partition(".")[0] != "remind":
            continue
        neighbours = part(name) != part(module) and name.count(".") > 1 and module.count(".") > 1
        if floor(name) > floor(module):
            wrong.append(f"{module} imports {name} from above")
        if floor(name) == floor(module) and neighbours:
            wrong.append(f"{module} imports {name} across its floor")
    return wrong


def touches_the_world(source: str) -> list[str]:
    """Each clock that `source` reads, each file that it opens, each module of the system that it imports."""
    found = [name for name in imported(source) if name.partition(".")[0] in WORLD]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS:
            found.append(ast.unparse(node))
        elif isinstance(node, ast.Name) and node.id in ("open", "input", "print"):
            found.append(node.id)
    return found


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_down_only(module: str) -> None:
    """Nothing is imported from a floor above or from a neighbouring folder."""
    assert wrong_imports(module, MODULES[module].read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("module", [module for module in MODULES if floor(module) == 0])
def test_the_calculus_has_no_clock_and_no_files(module: str) -> None:
    """What is now, and what stands on the disk, is told to the ground floor by its callers."""
    assert touches_the_world(MODULES[module].read_text(encoding="utf-8")) == []


def test_one_module_opens_connections_to_d_bus() -> None:
    """All that speaks D-Bus shares one client, with its time limits."""
    opening = [
        module
        for module, path in MODULES.items()
        if any(name.startswith(("jeepney.io", "jeepney.bus.")) for name in imported(path.read_text()))
    ]
    assert opening == ["remind.desktop.dbus"]


def test_every_part_has_its_floor() -> None:
    """A new folder or module is given a floor."""
    assert {part(module) for module in MODULES} <= FLOORS.keys()


@pytest.mark.parametrize(
    ("module", "source", "words"),
    [
        ("remind.core.times", "from remind.files import shipped", "from above"),
        ("remind.core.times", "def f():\n    import remind.store.ledger", "from above"),
        ("remind.store.ledger", "from remind.app import App", "from above"),
        ("remind.settings.model", "from remind import app", "from above"),
        ("remind.service.loop", "from remind.cli.main import main", "from above"),
        ("remind.store.ledger", "from remind.desktop.notify.channel import Channel", "across its floor"),
        ("remind.guide.plain", "from remind.service.loop import x", "across its floor"),
    ],
)
def test_a_wrong_import_would_be_found(module: str, source: str, words: str) -> None:
    """The check sees imports of every form."""
    assert any(words in one for one in wrong_imports(module, source))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("remind.app", "from remind.desktop.notify.dbus_channel import DBusChannel"),
        ("remind.desktop.notify.chain", "from remind.desktop.notify.channel import Channel"),
        ("remind.cli.notify", "from remind.desktop.notify.channel import Notification"),
        ("remind.store.ledger", "from remind.files import read_text\nfrom remind.core.times import Days"),
        ("remind.core.times", "from remind import __version__"),
    ],
)
def test_a_right_import_passes(module: str, source: str) -> None:
    """The check does not hinder what the floors allow."""
    assert wrong_imports(module, source) == []


@pytest.mark.parametrize(
    "source",
    [
        "import datetime\ndatetime.datetime.now()",
        "from datetime import datetime as dt\nread = dt.now",
        "from datetime import date\ndate.today()",
        "import time",
        "from time import monotonic",
        "def f():\n    from pathlib import Path",
        "open('x')",
    ],
)
def test_a_clock_or_a_file_would_be_found(source: str) -> None:
    """The check sees clocks and files in every form; a wall time is no clock."""
    assert touches_the_world(source)
    assert not touches_the_world("from datetime import time\ntime(7, 0).replace(microsecond=0)")
