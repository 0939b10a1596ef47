"""`remind completion`: the script that completes commands in a shell."""

import click

from remind.files import read_text, shipped

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS), metavar="bash|zsh|fish")
def completion(shell: str) -> None:
    """Print the script that completes commands in your shell.

    With it, the Tab key completes commands, options, routines, reminders, settings and diary entries. The first lines
    of the script say where to put it; for bash, add `eval "$(remind completion bash)"` to ~/.bashrc.

    Example: remind completion bash
    """
    click.echo(read_text(shipped() / "completion" / f"remind.{shell}"), nl=False)
