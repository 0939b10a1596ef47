"""The failures that a person can meet, each with its exit code."""

from enum import IntEnum


class ExitCode(IntEnum):
    """How the process ends. These numbers never change, so scripts can rely on them."""

    DONE = 0
    FAILURE = 1
    USAGE = 2
    NOT_RUNNING = 3
    SETTINGS = 4
    ALREADY_RUNNING = 5
    INTERRUPTED = 130


class RemindError(Exception):
    """An expected failure: its lines go to standard error, and the process ends with `exit_code`."""

    exit_code = ExitCode.FAILURE

    @property
    def lines(self) -> list[str]:
        return str(self).splitlines()


class UsageError(RemindError):
    """The command line makes no sense."""

    exit_code = ExitCode.USAGE


class NotRunningError(RemindError):
    """The command needs the service, and it is not running."""

    exit_code = ExitCode.NOT_RUNNING


class AlreadyRunningError(RemindError):
    """The person already has a service running."""

    exit_code = ExitCode.ALREADY_RUNNING


class SessionRunningError(RemindError):
    """A guided session is already running."""


class SettingsError(RemindError):
    """A settings, routine or pose file has faults; one line for each."""

    exit_code = ExitCode.SETTINGS


class SessionEndedError(RemindError):
    """The person ended the session early, with Ctrl-C or `q`."""

    exit_code = ExitCode.INTERRUPTED
