"""The table of words that a shell completes, made from the commands and the model of the settings."""

import json
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from remind.cli import completer, main
from remind.core.schema import Field, table_of
from remind.settings import edit, model
from remind.settings.model import Settings

FILE = Path(completer.__file__).parent / "completions.json"


def table() -> str:
    """Return what `completions.json` must hold."""
    root = _command(main.remind)
    for name, row in root["commands"].items():
        row["help"] = main.COMMANDS[name][1]
    names = model.read_table({}).names
    found = {"commands": root, "reminders": names, "settings": _settings(model.defaults())}
    return _lines(found) + "\n"


def _lines(value: Any, indent: str = "") -> str:
    """Return `value` as JSON, with a line for each command, parameter and setting."""
    whole = json.dumps(value, ensure_ascii=False)
    if not value or (len(indent) + len(whole) < 160 and "commands" not in value):
        return whole
    deeper = indent + " "
    if isinstance(value, dict):
        inside = [f"{json.dumps(key)}: {_lines(one, deeper)}" for key, one in value.items()]
        left, right = "{}"
    else:
        inside, (left, right) = [_lines(one, deeper) for one in value], "[]"
    return f"{left}\n{deeper}" + f",\n{deeper}".join(inside) + f"\n{indent}{right}"


def _commands(group: click.Group) -> dict[str, Any]:
    context = click.Context(group)
    found = ((name, group.get_command(context, name)) for name in group.list_commands(context))
    return {name: _command(command) for name, command in found if command is not None}


def _command(command: click.Command) -> dict[str, Any]:
    row: dict[str, Any] = {"help": command.get_short_help_str(200), "params": [_parameter(p) for p in command.params]}
    if isinstance(command, click.Group):
        row["commands"] = _commands(command)
        if names := getattr(command, "names", None):
            row["values"] = names.__name__
    return row


def _parameter(parameter: click.Parameter) -> dict[str, Any]:
    row: dict[str, Any] = {}
    if isinstance(parameter, click.Option):
        pairs = [*zip(parameter.opts, parameter.secondary_opts, strict=False)]
        row["options"] = ["/".join(pair) for pair in pairs] or parameter.opts
        row["help"] = parameter.help
        row |= {"flag": True} if parameter.is_flag else {}
    else:
        row["argument"] = parameter.name
        row |= {"nargs": parameter.nargs} if parameter.nargs != 1 else {}
    if isinstance(parameter.type, click.Choice):
        row["choices"] = list(parameter.type.choices)
    if isinstance(parameter.type, click.Path):
        row["files"] = True
    if found := parameter._custom_shell_complete:
        row["values"] = found.__name__
    return row


def _settings(shipped: dict[str, Any]) -> dict[str, Any]:
    """Return each setting with its default and, if they are few, the words that it can be."""
    values = {key: edit.as_typed(value) for key, value in edit.flat(shipped)}
    found = {key: {"choices": choices} if choices else {} for key, choices in _keys(Field(Settings))}
    for key, value in values.items():
        found.setdefault(key, {})["value"] = value
    return found


def _keys(field: Field, under: str = "") -> Iterator[tuple[str, list[str]]]:
    inside = table_of(field.kind)
    if inside is not None:
        for key, one in {**inside.named, **({"NAME": inside.other} if inside.other else {})}.items():
            yield from _keys(one, f"{under}.{key}" if under else key)
    elif field.kind is bool:
        yield under, ["true", "false"]
    else:
        yield under, list(typing.get_args(field.kind)) if typing.get_origin(field.kind) is typing.Literal else []
