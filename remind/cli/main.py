"""The command `remind`: finds the command's file, and is the one place where a failure becomes a line and a code."""

import contextlib
import importlib
import os
import sys
from typing import TYPE_CHECKING, NoReturn

import click

from remind import __version__
from remind.cli.group import Group
from remind.errors import ExitCode, RemindError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from remind.app import App

COMMANDS = {
    "stretch": ("stretch:stretch", "Be guided through a stretch now."),
    "routines": ("routines:routines", "List routines, show one, check a file of your own."),
    "next": ("next:coming", "What comes when."),
    "status": ("status:status", "How it stands: the service, tonight, water."),
    "done": ("answers:done", "Say that what is due is done."),
    "snooze": ("answers:snooze", "Be reminded again a little later."),
    "skip": ("answers:skip", "Leave out what is due."),
    "pause": ("pause:pause", "Hold all reminders for a while."),
    "resume": ("pause:resume", "End a pause."),
    "why": ("history:why", "Why it rang, or did not, and when it will."),
    "history": ("history:history", "What was due, shown, answered."),
    "cramp": ("cramp:cramp", "Help with a cramp, right now."),
    "log": ("log:log", "Write down a cramp, a night without one, a stretch."),
    "drink": ("log:drink", "Write down something drunk."),
    "undo": ("log:undo", "Take back the last thing written down."),
    "diary": ("diary:diary", "Look at the diary, correct it."),
    "stats": ("stats:stats", "What the diary comes to, week by week."),
    "export": ("export:export", "The diary as a JSON or CSV file."),
    "import": ("export:import_", "Merge a JSON file into the diary."),
    "doctor": ("doctor:doctor", "See what works here, and what to do about the rest."),
    "notify": ("notify:notify", "Show a test notification."),
    "config": ("config:config", "Look at and change the settings."),
    "service": ("service:service", "Install and look after the login service."),
    "run": ("run:run", "Remind in the foreground, as the service does."),
}
"""Each command: where it stands below `remind.cli`, and what the list of commands says of it."""


class Lazy(Group):
    """A group whose commands are imported when they are called, so that each pays for its own imports alone."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(f"remind.cli.{module}"), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        from click.shell_completion import CompletionItem

        names = (name for name in COMMANDS if name.startswith(incomplete))
        return [
            *(CompletionItem(name, help=COMMANDS[name][1]) for name in names),
            *click.Command.shell_complete(self, ctx, incomplete),
        ]


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="remind")
@click.pass_context
def remind(ctx: click.Context) -> None:
    """Reminds you to stretch your calves before bed and to drink through the day, and guides the stretch."""
    if ctx.obj is None:
        from remind.app import App

        ctx.obj = App()
    ctx.call_on_close(lambda: _close(ctx.obj))


def main() -> NoReturn:
    """Run the command line and end the process with its code."""
    code = invoke()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, OSError, ValueError):  # there is none under pythonw, or it is full
            stream.flush()
    # To take the interpreter apart costs `remind status` a seventh of its time, and nothing is left to be done by it.
    os._exit(code)


def invoke(app: "App | None" = None) -> int:
    """Run the command line over `app`, or over the real one; what went wrong is told. The code for the process."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by who called, or under pythonw
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8"))
        elif hasattr(getattr(sys, name), "reconfigure"):
            getattr(sys, name).reconfigure(errors="replace")  # for a terminal that knows no "█"
    try:
        code = remind.main(prog_name="remind", obj=app, standalone_mode=False)
        sys.stdout.flush()
    except RemindError as error:
        for line in error.lines:
            _tell(line)
        return error.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return ExitCode.USAGE
    except click.ClickException as error:
        more = f"; see `{error.ctx.command_path} --help`" if isinstance(error, click.UsageError) and error.ctx else ""
        line = " ".join(error.format_message().rstrip(".").split())  # what was typed may hold line breaks
        _tell(f"{line}{more}")
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo(err=True)  # the prompt, or ^C, stands on a line of its own
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # Whoever read this has enough; without a new stdout Python would complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.FAILURE
    except OSError as error:
        click.echo(f"remind: {error.strerror or error}", err=True)
        return ExitCode.FAILURE
    return code if isinstance(code, int) else ExitCode.DONE


def _close(app: "App") -> None:
    for why in app.close():
        _tell(f"{why}; it is left out")


def _tell(line: str) -> None:
    from remind.cli.output import say
    from remind.core.schema import printable  # what was typed, or stands in a file, is repeated in messages

    say(f"remind: {printable(line)}", err=True)
