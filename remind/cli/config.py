"""`remind config`: show and change the person's own settings."""

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from remind.cli import values
from remind.cli.group import Group, json_option
from remind.cli.output import paged, say, tell, tell_faults
from remind.errors import RemindError, SettingsError, UsageError
from remind.files import os_errors_as, parse_toml, read_text, write_atomically
from remind.settings import change, edit, model
from remind.settings.faults import settings_error

if TYPE_CHECKING:
    from remind.app import App

_CHOICES = click.Choice(["edit", "discard", "save"])


@click.group(cls=Group)
def config() -> None:
    """Show and change your settings.

    Example: remind config set day.bedtime 23:00
    """


@config.command()
@click.pass_obj
def path(app: "App") -> None:
    """Print the path of your own settings file.

    Example: remind config path
    """
    click.echo(app.folders.settings)


@config.command(short_help="Print every setting.")
@json_option
@click.pass_obj
@paged
def show(app: "App", as_json: bool) -> None:
    """Print every setting with its value, and mark your own.

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


@config.command(short_help="Print the value of KEY.")
@click.argument("key", shell_complete=values.keys)
@click.pass_obj
def get(app: "App", key: str) -> None:
    """Print the value of KEY.

    Example: remind config get day.bedtime
    """
    edit.kind_at(key)
    _, table = _own_and_effective(app)
    found = model.look_up(table, key)
    if found is None:
        raise RemindError(f"{key} is not set")
    click.echo(edit.as_typed(found))


@config.command("set", short_help="Set KEY to VALUE.")
@click.argument("key", shell_complete=values.keys)
@click.argument("value", shell_complete=values.key_values)
@click.argument("more", nargs=-1, metavar="[KEY VALUE]...", shell_complete=values.key_values)
@click.pass_obj
def set_(app: "App", key: str, value: str, more: tuple[str, ...]) -> None:
    """Set KEY to VALUE.

    A list is written as 10:00,15:00. Nothing is changed unless all of it is valid. A reminder of your own needs several
    keys at once.

    Example: remind config set reminder.tea.title "Tea" reminder.tea.at 16:00
    """
    if len(more) % 2:
        raise UsageError(f"{more[-1]} has no value. Give each KEY a VALUE.")
    typed = {key: value, **dict(zip(more[::2], more[1::2], strict=True))}
    before = change.own_text(app.folders)
    after = change.with_typed(before, typed, app.folders)
    if "water.target" in typed:
        from remind.cli.water import with_fluid_question

        typed = with_fluid_question(typed, app.store.key_values)
        rest = before if typed["water.target"] else change.without_keys(before, ["water.target"], app.folders)
        after = change.with_typed(rest, {one: words for one, words in typed.items() if words}, app.folders)
    _save(app, after, list(typed))
    if "diary.folder" in typed:
        from remind.doctor.config_checks import folder

        app.refresh()
        for check in folder(app):
            if check.verdict != "ok":
                tell(f"{check.found}; {check.advice}")


@config.command(short_help="Reset KEY to its default.")
@click.argument("key", shell_complete=values.own_keys)
@click.pass_obj
def unset(app: "App", key: str) -> None:
    """Reset KEY, a setting or a whole table, to its default.

    Example: remind config unset day.bedtime
    """
    file = app.folders.settings
    text = change.own_text(app.folders)
    if model.look_up(parse_toml(text, file), key) is None:
        edit.kind_at(key)
        raise RemindError(f"{key} is not in {file}, so its default applies already")
    _save(app, change.without_keys(text, [key], app.folders), [key])


@config.command("check", short_help="Check your own settings file.")
@click.pass_obj
def check_(app: "App") -> None:
    """Check your own settings file, and list everything that is wrong with it.

    Example: remind config check
    """
    file = app.folders.settings
    _check(app, change.own_text(app.folders))
    say(f"{file}: no faults found" if file.exists() else f"{file}: no such file, so the defaults apply")


@config.command("edit", short_help="Open your own settings file in an editor.")
@click.pass_obj
def edit_(app: "App") -> None:
    """Open your own settings file in $VISUAL or $EDITOR. A file with faults is saved only if you insist.

    Example: remind config edit
    """
    file = app.folders.settings
    before = change.own_text(app.folders)
    draft = _draft(app.folders.state, before)
    try:
        after = _edited(app, draft, before)
        if after != before:
            write_atomically(file, after)
    except BaseException:  # even at Ctrl-C, keep what was typed
        if _typed_in(draft) not in (None, before):
            click.echo(err=True)
            tell(f"{file} is unchanged. What you typed is kept in {draft}")
        else:
            draft.unlink(missing_ok=True)
        raise
    draft.unlink(missing_ok=True)
    say("Nothing changed." if after == before else f"Saved {file}")


def _draft(folder: Path, text: str) -> Path:
    """Return a new file in `folder` with `text` in it."""
    with os_errors_as(folder):
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix="settings-", suffix=".toml", dir=folder)
        os.close(handle)
    write_atomically(Path(name), text)
    return Path(name)


def _typed_in(draft: Path) -> str | None:
    try:
        return read_text(draft)
    except FileNotFoundError:
        return None
    except SettingsError as error:  # not UTF-8, but it was typed
        return str(error)


def _edited(app: "App", draft: Path, before: str) -> str:
    """Return `draft` as the person edits it, or `before` if they discard it."""
    while True:
        click.edit(filename=str(draft))
        try:
            text = read_text(draft)
            _check(app, text)
            return text
        except FileNotFoundError:
            return before
        except SettingsError as error:
            for line in error.lines:
                tell(line)
        choice = click.prompt("Edit again, discard your changes, or save them anyway", type=_CHOICES, default="edit")
        if choice != "edit":
            return before if choice == "discard" else read_text(draft)


def _own_and_effective(app: "App") -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the person's own settings and all that apply. Raise SettingsError if the file has faults."""
    file, text = app.folders.settings, change.own_text(app.folders)
    own = parse_toml(text, file)
    model.check(own, file, text)
    return own, model.effective(own)


def _check(app: "App", text: str) -> None:
    """Raise SettingsError with every fault of the settings `text`, if it has any."""
    file = app.folders.settings
    faults = change.faults_of(parse_toml(text, file), app.folders)
    if faults:
        raise settings_error(file, text, faults)


def _save(app: "App", text: str, keys: list[str]) -> None:
    """Save `text`, and say what applies now for each of the changed `keys`."""
    file = app.folders.settings
    write_atomically(file, text)
    own = parse_toml(text, file)
    for key in keys:
        value = model.look_up(model.effective(own), key)
        if isinstance(value, dict):
            say(f"{key} has its defaults again.")
        else:
            say(f"{key} is no longer set" if value is None else f"{key} is now {edit.as_typed(value)}")
    faults = change.faults_of(own, app.folders)
    if faults:
        tell_faults(settings_error(file, text, faults).lines)
