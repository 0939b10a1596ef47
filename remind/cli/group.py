"""What the commands share with click: groups, whole numbers, and `--json`."""

import click

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")


class Group(click.Group):
    """A group that answers an unknown command with the nearest one that it has."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that `args` name. Raise UsageError if there is none."""
        name, known = args[0], self.list_commands(ctx)
        if name not in known and not name.startswith("-"):
            import difflib  # paid for by a mistake alone

            close = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean '{close[0]}'?" if close else ""
            raise click.UsageError(f"'{ctx.command_path} {name}' is not a command.{hint}", ctx)
        return super().resolve_command(ctx, args)


class WholeNumber(click.IntRange):
    """A whole number within a range that the help and the errors tell in words."""

    name = "whole number"

    def _describe_range(self) -> str:
        return f"{self.min} to {self.max}" if self.max is not None else f"{self.min} or more"
