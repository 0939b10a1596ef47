"""The program finds its shipped files, however it is installed; each way is tried with real tools."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import remind
from remind.cli import completer

pytestmark = pytest.mark.xdist_group("packaging")  # one worker has all of them, since each wheel takes seconds

ROOT = Path(remind.__file__).parent.parent
PAGE = ROOT / "remind" / "page"
LEFT_OUT = (".git", ".venv", "venv", "__pycache__", ".*_cache", ".hypothesis", "*.egg-info", "dist", "build")
ASK = "from remind.files import shipped; print(shipped())"


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Return what `command` prints when it runs in `cwd`, without this checkout on Python's path."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    result = subprocess.run(
        [str(word) for word in command], cwd=cwd, env={**clean, **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def named(name: str, row: dict[str, Any]) -> Iterator[str]:
    """Yield the names of the man pages of a command in the table and of those below it."""
    yield name
    for below, one in row.get("commands", {}).items():
        yield from named(f"{name}-{below}", one)


def build(target: str, source: Path, out: Path) -> Path:
    """Return the file that the build back-end makes from `source`."""
    run(sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(out), cwd=source)
    (made,) = out.iterdir()
    return made


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout that nothing else writes to."""
    copy = tmp_path_factory.mktemp("checkout") / "a copy"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
    return copy


@pytest.fixture(scope="module")
def sdist(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source distribution, unpacked."""
    archive = build("sdist", checkout, tmp_path_factory.mktemp("sdist"))
    unpacked = tmp_path_factory.mktemp("unpacked")
    run("tar", "-xf", archive, cwd=unpacked)
    return unpacked / archive.name.removesuffix(".tar.gz")


@pytest.fixture(scope="module", params=["checkout", "sdist"])
def wheel(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a checkout or from the source distribution."""
    source: Path = request.getfixturevalue(request.param)
    return build("wheel", source, tmp_path_factory.mktemp("wheel"))


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """A new virtual environment with the dependencies but without remind."""
    where = tmp_path / "environment"
    venv.create(where, with_pip=False)
    (library,) = where.glob("lib/python*/site-packages")
    (library / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return where


def install(environment: Path, *arguments: str | Path) -> Path:
    """Install into `environment` with pip, without a network; return its interpreter."""
    python = environment / "bin" / "python"
    options = ("--no-deps", "--no-index", "--no-build-isolation", "--quiet")
    run(sys.executable, "-m", "pip", "--python", python, "install", *options, *arguments, cwd=environment)
    return python


@pytest.mark.parametrize("target", ["wheel", "sdist"])
def test_two_builds_are_the_same_to_the_byte(checkout: Path, tmp_path: Path, target: str) -> None:
    """Anybody can build a release again and compare."""
    first, second = (build(target, checkout, tmp_path / name) for name in ("first", "second"))
    assert first.read_bytes() == second.read_bytes()


def test_every_command_has_a_man_page(wheel: Path, tmp_path: Path) -> None:
    """Those of `remind`, of its second name, and of each command; groff shows them without a warning."""
    with zipfile.ZipFile(wheel) as archive:
        packed = [name for name in archive.namelist() if "/share/man/man1/" in name]
        archive.extractall(tmp_path, packed)
    assert {Path(name).stem for name in packed} == {"stretch-remind", *named("remind", completer.table()["commands"])}
    for name in packed:
        shown = subprocess.run(
            ["groff", "-ww", "-man", "-Tutf8", tmp_path / name], capture_output=True, text=True, check=True
        )
        assert shown.stderr == ""
        assert "Show this message and exit." in shown.stdout


def test_the_man_pages_need_only_what_the_build_brings(tmp_path: Path) -> None:
    """To make them, every command is imported; pyproject.toml names what that needs."""
    script = (
        "import runpy, sys; sys.modules['hatchling'] = None; sys.argv = ['', sys.argv[1]]\n"
        "runpy.run_path('.ci/man_pages.py', run_name='__main__')\n"
        "print(*(name for name, one in sys.modules.items() if 'site-packages' in str(getattr(one, '__file__', ''))))"
    )
    imported = {name.partition(".")[0] for name in run(sys.executable, "-c", script, tmp_path, cwd=ROOT).split()}
    hook = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]
    needed = {one.partition(">")[0] for one in hook["wheel"]["hooks"]["custom"]["dependencies"]}
    # jinja2 brings markupsafe, msgspec uses typing_extensions where it is, and setuptools starts with every Python.
    assert needed <= imported <= needed | {"markupsafe", "typing_extensions", "_distutils_hack"}


def test_the_wheel_has_every_shipped_file(wheel: Path) -> None:
    """It has all of config/ and the page's files, and nothing besides."""
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if not name.endswith("/")}
        inside = {name.removeprefix("remind/_config/") for name in packed if name.startswith("remind/_config/")}
        assert inside == files(ROOT / "config")
        for name in inside:
            assert archive.read(f"remind/_config/{name}") == (ROOT / "config" / name).read_bytes()
    page = {name for name in packed if name.startswith(("remind/page/templates/", "remind/page/static/"))}
    assert page == {f"remind/page/{part}/{name}" for part in ("templates", "static") for name in files(PAGE / part)}
    project = wheel.name.rpartition("-py3")[0]
    assert {name.partition("/")[0] for name in packed} == {"remind", f"{project}.dist-info", f"{project}.data"}


def test_an_installed_wheel_finds_its_files(wheel: Path, environment: Path) -> None:
    """The command uses the files in the package, far from any checkout."""
    python = install(environment, wheel)
    found = Path(run(python, "-c", ASK, cwd=environment).strip())
    assert found.is_relative_to(environment)
    assert files(found) == files(ROOT / "config")
    shown = run(environment / "bin" / "remind", "config", "show", cwd=environment, HOME=str(environment))
    assert "[stretch]" in shown


def test_an_editable_install_finds_the_checkouts_files(checkout: Path, environment: Path) -> None:
    """A change in config/ applies at once."""
    python = install(environment, "--editable", checkout)
    assert Path(run(python, "-c", ASK, cwd=environment).strip()) == checkout / "config"


def test_a_checkout_that_is_not_installed_finds_its_files(checkout: Path, environment: Path) -> None:
    """`python -m remind` works in the folder of a fresh clone."""
    python = environment / "bin" / "python"
    assert Path(run(python, "-c", ASK, cwd=checkout).strip()) == checkout / "config"
    assert "[stretch]" in run(python, "-m", "remind", "config", "show", cwd=checkout, HOME=str(environment))


def test_the_sdist_is_enough_to_work_with(sdist: Path) -> None:
    """It has source, shipped files, tests, documents, and what the README's commands and pictures need."""
    for folder in ("remind", "config", "tests", ".ci", ".github"):
        held = {name for name in files(sdist / folder) if "__pycache__" not in name}
        assert held == {name for name in files(ROOT / folder) if "__pycache__" not in name}
    assert {"README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "pyproject.toml"} <= files(sdist)
