"""Imports go down only, the core has no clock, and one module opens D-Bus connections."""

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
    "service": 2, "guide": 2, "page": 2, "app": 2, "setup": 2, "phone": 2, "phone_log": 2,
    "doctor": 3,
    "cli": 4, "__main__": 4,
}  # fmt: skip
CLOCKS = {"now", "utcnow", "today"}
"""Names that read a clock."""

SYSTEM = {
    "io", "locale", "os", "pathlib", "platform", "random", "socket", "sqlite3", "subprocess", "sys",
    "tempfile", "time",
}  # fmt: skip
"""Modules that reach files, processes, the network or a clock."""


def part(module: str) -> str:
    """Return the folder or module directly under the package; the package itself counts as core."""
    return module.split(".")[1] if "." in module else "core"


def floor(module: str) -> int:
    return FLOORS[part(module)]


def imported(source: str) -> Iterator[str]:
    """Yield every module that `source` imports, at its top or inside a function."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in MODULES else str(node.module)


def wrong_imports(module: str, source: str) -> list[str]:
    """Return what `module` must not import: from a floor above, or from another folder on its own floor."""
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


def clocks_and_files(source: str) -> list[str]:
    """Return each clock that `source` reads, file that it opens and module of the system that it imports."""
    found = [name for name in imported(source) if name.partition(".")[0] in SYSTEM]
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
def test_the_core_has_no_clock_and_no_files(module: str) -> None:
    """Callers pass in what time it is and what the files contain."""
    assert clocks_and_files(MODULES[module].read_text(encoding="utf-8")) == []


def test_one_module_opens_connections_to_d_bus() -> None:
    """Notifications, presence and the rest share one client and its time limits."""
    opening = [
        module
        for module, path in MODULES.items()
        if any(name.startswith(("jeepney.io", "jeepney.bus.")) for name in imported(path.read_text(encoding="utf-8")))
    ]
    assert opening == ["remind.desktop.dbus"]


def test_every_part_has_its_floor() -> None:
    """A new folder or module needs a floor, and one that is gone has none."""
    assert {part(module) for module in MODULES} == FLOORS.keys()


@pytest.mark.parametrize(
    ("module", "source", "words"),
    [
        ("remind.core.times", "from remind.files import shipped", "from above"),
        ("remind.core.times", "def f():\n    import remind.store.ledger", "from above"),
        ("remind.store.ledger", "from remind.app import App", "from above"),
        ("remind.settings.model", "from remind import app", "from above"),
        ("remind.service.service", "from remind.cli.main import main", "from above"),
        ("remind.store.ledger", "from remind.desktop.notify.channel import Channel", "across its floor"),
        ("remind.guide.plain", "from remind.service.service import Service", "across its floor"),
    ],
)
def test_a_wrong_import_is_found(module: str, source: str, words: str) -> None:
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
    """The check accepts what the floors allow."""
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
def test_a_clock_or_a_file_is_found(source: str) -> None:
    """The check sees clocks and files in every form; a time of day is not a clock."""
    assert clocks_and_files(source)
    assert not clocks_and_files("from datetime import time\ntime(7, 0).replace(microsecond=0)")
