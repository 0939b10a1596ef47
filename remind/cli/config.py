"""`remind config`: a person's own settings, looked at and changed."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from remind.cli.group import Group
from remind.errors import RemindError, SettingsError, UsageError
from remind.files import parse_toml, read_text, write_atomically
from remind.settings import edit, model

if TYPE_CHECKING:
    from remind.app import App

_NEW_FILE = """\
# Your own settings, laid over the defaults: only what you change need stand here.
# `remind config show` lists every setting with what holds now.
"""
_CHOICES = click.Choice(["edit", "discard", "save"])


@click.group(cls=Group)
def config() -> None:
    """Show and change your settings.

    Example: remind config set day.bedtime 23:00
    """


@config.command()
@click.pass_obj
def path(app: "App") -> None:
    """Print where your own settings file is, or would be.

    Example: remind config path
    """
    click.echo(app.folders.settings)


@config.command(short_help="Print every setting.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def show(app: "App", as_json: bool) -> None:
    """Print every setting, with a mark at those that are your own.

    Example: remind config show
    """
    own, table = _own_and_effective(app)
    mine = {key for key, _ in edit.flat(own)}
    if as_json:
        from remind.cli.output import show_json

        show_json({"file": str(app.folders.settings), "own": sorted(mine), "settings": table})
        return
    section = ""
    for key, value in edit.flat(table):
        under, _, name = key.rpartition(".")
        if under != section:
            click.echo(f"\n[{under}]" if section else f"[{under}]")
            section = under
        click.echo(f"{name} = {edit.in_toml(value)}{'  # yours' if key in mine else ''}")


@config.command()
@click.argument("key")
@click.pass_obj
def get(app: "App", key: str) -> None:
    """Print the value of KEY, as day.bedtime.

    Example: remind config get day.bedtime
    """
    edit.kind_at(key)
    _, table = _own_and_effective(app)
    found = edit.look_up(table, key)
    if found is None:
        raise RemindError(f"{key}: is not set")
    click.echo(edit.as_typed(found))


@config.command("set")
@click.argument("key")
@click.argument("value")
@click.argument("more", nargs=-1, metavar="[KEY VALUE]...")
@click.pass_obj
def set_(app: "App", key: str, value: str, more: tuple[str, ...]) -> None:
    """Set KEY to VALUE.

    A list is written as 10:00,15:00. Nothing is changed unless all of it is valid. A reminder of your own needs several
    keys at once.

    Example: remind config set reminder.tea.title "Tea" reminder.tea.at 16:00
    """
    if len(more) % 2:
        raise UsageError(f"{more[-1]}: has no value; give KEY VALUE in pairs")
    typed = {key: value, **dict(zip(more[::2], more[1::2], strict=True))}
    text = _with(app, typed)
    if "water.target" in typed:
        from remind.cli.water import with_fluid_question

        typed = with_fluid_question(typed, app.store.facts)
        text = _with(app, typed)
    write_atomically(app.folders.settings, text)
    for one in typed:
        _say(app, one)


@config.command(short_help="Reset KEY to its default.")
@click.argument("key")
@click.pass_obj
def unset(app: "App", key: str) -> None:
    """Reset KEY, a setting or a whole table, to its default.

    Example: remind config unset day.bedtime
    """
    file = app.folders.settings
    text = _own_text(file)
    if edit.look_up(parse_toml(text, file), key) is None:
        edit.kind_at(key)
        raise RemindError(f"{key}: is not in {file}, so the default holds already")
    text = edit.without(text, key)
    _check_unsaved(app, text)
    write_atomically(file, text)
    _say(app, key)


@config.command("check", short_help="Check your own settings.")
@click.pass_obj
def check_(app: "App") -> None:
    """Check your own settings, and name everything that is wrong with them.

    Example: remind config check
    """
    file = app.folders.settings
    _check(app, _own_text(file))
    click.echo(f"{file}: is in order" if file.exists() else f"{file}: there is none; the defaults hold")


@config.command("edit", short_help="Open your own settings in an editor.")
@click.pass_obj
def edit_(app: "App") -> None:
    """Open your own settings in $VISUAL or $EDITOR. Settings that aren't valid are saved only if you insist.

    Example: remind config edit
    """
    file = app.folders.settings
    before = _own_text(file)
    after = _edited(app, before)
    if after == before:
        click.echo("Nothing changed.")
    else:
        write_atomically(file, after)
        click.echo(f"Saved {file}")


def _edited(app: "App", text: str) -> str:
    """What the person makes of `text` in an editor; `text` itself if they discard it."""
    with tempfile.TemporaryDirectory(prefix="remind-") as folder:
        copy = Path(folder, "settings.toml")
        write_atomically(copy, text)
        while True:
            click.edit(filename=str(copy))
            try:
                edited = read_text(copy)
                _check(app, edited)
                return edited
            except FileNotFoundError:
                return text
            except SettingsError as error:
                click.echo(error, err=True)
            choice = click.prompt("edit again, discard, or save it as it is", type=_CHOICES, default="edit")
            if choice != "edit":
                return text if choice == "discard" else read_text(copy)


def _own_text(file: Path) -> str:
    """What stands in the person's file, or how a new one begins."""
    try:
        return read_text(file)
    except FileNotFoundError:
        return _NEW_FILE


def _own_and_effective(app: "App") -> tuple[dict[str, Any], dict[str, Any]]:
    """The table in the person's file, and the table that holds with it; checked."""
    file = app.folders.settings
    own = parse_toml(_own_text(file), file)
    model.check(own, file)
    return own, model.effective(own)


def _check(app: "App", text: str) -> None:
    """Raise a SettingsError with every fault of the settings `text`, if it has any."""
    from remind.settings.routines import find, load

    file = app.folders.settings
    checked = model.check(parse_toml(text, file), file)
    try:
        load(find(checked.stretch.routine, app.folders.routines))
    except UsageError as error:
        raise SettingsError(f"{file}: stretch.routine: {error}") from error


def _with(app: "App", typed: dict[str, str]) -> str:
    """The person's file with each key `typed` set to its value; checked, not saved."""
    text = _own_text(app.folders.settings)
    parse_toml(text, app.folders.settings)
    for key, words in typed.items():
        text = edit.with_value(text, key, edit.read_typed(key, words))
    _check_unsaved(app, text)
    return text


def _check_unsaved(app: "App", text: str) -> None:
    try:
        _check(app, text)
    except SettingsError as error:
        raise SettingsError(f"{error}\n{app.folders.settings} is left as it was") from error


def _say(app: "App", key: str) -> None:
    found = edit.look_up(_own_and_effective(app)[1], key)
    click.echo(f"{key} is not set now" if found is None else f"{key} is now {edit.as_typed(found)}")
