"""The command `remind`: find the file of each command, and turn every failure into a message and an exit code."""

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
    from remind.app import App

SECTIONS = {
    "Today": {
        "open": ("open:open_", "Open a page in your browser."),
        "stretch": ("stretch:stretch", "Start a guided stretch."),
        "cramp": ("cramp:cramp", "Ease a cramp, right now."),
        "drink": ("log:drink", "Log a drink."),
        "status": ("status:status", "Show the service, tonight's stretch and water."),
        "next": ("next:coming", "Show the reminders to come."),
        "done": ("answers:done", "Mark the current reminder as done."),
        "snooze": ("answers:snooze", "Show the current reminder again later."),
        "skip": ("answers:skip", "Skip the current reminder."),
        "pause": ("pause:pause", "Pause all reminders."),
        "resume": ("pause:resume", "End a pause."),
        "why": ("history:why", "Explain why a reminder rang, or didn't."),
        "history": ("history:history", "Show past reminders and what became of them."),
    },
    "Diary": {
        "log": ("log:log", "Log a cramp, a night without one, or a stretch."),
        "undo": ("log:undo", "Undo the last diary entry or change."),
        "diary": ("diary:diary", "Show and correct the diary."),
        "stats": ("stats:stats", "Show a weekly summary of your diary."),
        "report": ("report:report", "Write a report for your doctor."),
        "export": ("export:export", "Write the diary to a JSON or CSV file."),
        "import": ("export:import_", "Merge a JSON file into the diary."),
    },
    "Settings": {
        "setup": ("setup:setup", "Set everything up, question by question."),
        "config": ("config:config", "Show and change your settings."),
        "phone": ("phone:phone", "Get reminders on your phone, and answer them there."),
        "routines": ("routines:routines", "List the routines, show one, or check your own."),
        "calendar": ("calendar:calendar", "Write your bedtimes to a calendar file."),
    },
    "Service": {
        "service": ("service:service", "Manage the login service."),
        "run": ("run:run", "Run the service in this terminal."),
        "notify": ("notify:notify", "Show a test notification."),
        "doctor": ("doctor:doctor", "Check what works here and what doesn't."),
    },
    "Help": {
        "help": ("help:help_", "Explain a topic or a command."),
        "completion": ("completion:completion", "Print the script that completes commands in your shell."),
    },
}
"""The sections of the help: for each command its place in `remind.cli`, and its line in the list of commands."""

_WELCOME = (
    "remind reminds you to stretch before bed and to drink, and guides the stretch.",
    "`remind setup` sets it up in two minutes, question by question.",
    "`remind stretch` tries a stretch first, and `remind --help` lists the commands.",
)
"""What a person reads who has set nothing up yet."""

COMMANDS = {name: command for section in SECTIONS.values() for name, command in section.items()}


_SHARING_S = 5.0
"""How long a command waits until the diary is in the folder that other machines read."""


class Lazy(Group):
    """A group that imports a command when it is called, so that each command pays only for its own imports."""

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
        widest = max(map(len, COMMANDS))
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(widest), words) for name, (_, words) in commands.items()])


@click.group(cls=Lazy, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="remind")
@click.pass_context
def remind(ctx: click.Context) -> int | None:
    """Get reminders to stretch your calves before bed and to drink through the day, and a guided stretch.

    `remind COMMAND --help` explains each command with an example, and `remind help` lists topics to read.
    """
    if ctx.obj is None:
        from remind.app import App

        ctx.obj = App()
    if os.environ.get("NO_COLOR"):
        ctx.color = False
    ctx.call_on_close(lambda: _close(ctx.obj))
    return _without_command(ctx) if ctx.invoked_subcommand is None else None


def _without_command(ctx: click.Context) -> int | None:
    """Show today; where nothing was set up yet, say what this is and offer to do that."""
    from remind.cli.output import confirmed, say

    name, folders = "status", ctx.obj.folders
    if not folders.settings.exists() and not folders.database.exists():
        for line in _WELCOME:
            say(line)
        if not sys.stdin.isatty() or not confirmed("Set it up now?", default=True):
            return None
        name = "setup"
    command = remind.get_command(ctx, name)
    assert command is not None
    code = ctx.invoke(command)
    return code if isinstance(code, int) else None


def main() -> NoReturn:
    """Run the command line and end the process with its code."""
    try:
        code = invoke()
    except OSError:  # the terminal has gone, and with it everyone who could be told
        code = ExitCode.FAILURE
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, OSError, ValueError):  # pythonw has none, or the disk is full
            stream.flush()
    # Shutting down the interpreter would take a seventh of the time of `remind status`, and nothing is left to do.
    os._exit(code)


def invoke(app: "App | None" = None, words: "list[str] | None" = None) -> int:
    """Run the command `words`, or the command line, and print what goes wrong. Return the exit code.

    Without `app`, it runs with the real one.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # the caller closed it, or this is pythonw
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8"))
        elif hasattr(getattr(sys, name), "reconfigure"):
            getattr(sys, name).reconfigure(errors="replace")  # for a terminal without "█"
    try:
        code = remind.main(words, prog_name="remind", obj=app, standalone_mode=False)
        sys.stdout.flush()
    except RemindError as error:
        for line in error.lines:
            _tell(line)
        return error.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())  # on standard output, so that it can be paged
        return ExitCode.USAGE
    except click.ClickException as error:
        _tell(_in_our_words(error))
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo(err=True)  # end the line that shows the prompt or ^C
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # The reader has closed the pipe; without a new stdout Python would complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.FAILURE
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        _tell(f"{named}{error.strerror or error}")
        return ExitCode.FAILURE
    return code if isinstance(code, int) else ExitCode.DONE


def _in_our_words(error: click.ClickException) -> str:
    """Return the message for what click found wrong, in the form of our own errors."""
    message = error.format_message()
    if isinstance(error, click.NoSuchOption):  # whose words changed from one click to the next
        nearest = f" Did you mean {error.possibilities[0]!r}?" if error.possibilities else ""
        message = f"no such option {error.option_name!r}.{nearest}"
        if error.option_name[1:2].isdigit():
            message = "an amount, a time or a number is never negative"
    line = " ".join(message.rstrip(".").split())  # what was typed may hold line breaks
    stop = "" if line.endswith("?") else "."
    more = f" See `{error.ctx.command_path} --help`." if isinstance(error, click.UsageError) and error.ctx else ""
    return f"{line[0].lower()}{line[1:]}{stop}{more}"


def _close(app: "App") -> None:
    app.share_written(_SHARING_S)
    for why in app.close():
        _tell(f"{why}; it is skipped")


def _tell(line: str) -> None:
    from remind.cli.output import tell

    tell(line)
