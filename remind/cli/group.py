"""A group of commands."""

import click


class Group(click.Group):
    """A group that answers an unknown command with the nearest one that it has."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that `args` name. Raise UsageError if there is none."""
        name, known = args[0], self.list_commands(ctx)
        # The shell's completion asks too, and may not be answered with an error.
        if name not in known and not name.startswith("-") and not ctx.resilient_parsing:
            from remind.core.schema import nearest

            raise click.UsageError(f"'{ctx.command_path} {name}' is not a command; {nearest(name, known)}", ctx)
        return super().resolve_command(ctx, args)
