"""Every failure that a person can meet, with its exit code."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process ends with; fixed, so that scripts can rely on it."""

    DONE = 0
    FAILURE = 1
    USAGE = 2
    NOT_RUNNING = 3
    SETTINGS = 4
    ALREADY_RUNNING = 5
    INTERRUPTED = 130


class RemindError(Exception):
    """An expected failure: each line of its text goes to standard error, and `exit_code` ends the process."""

    exit_code = ExitCode.FAILURE

    @property
    def lines(self) -> list[str]:
        return str(self).splitlines()


class UsageError(RemindError):
    """What was typed cannot be meant."""

    exit_code = ExitCode.USAGE


class NotRunningError(RemindError):
    """The command needs the service, and it is not running."""

    exit_code = ExitCode.NOT_RUNNING


class AlreadyRunningError(RemindError):
    """Another service of this person runs."""

    exit_code = ExitCode.ALREADY_RUNNING


class SessionRunningError(RemindError):
    """A second guided session was asked for."""


class SettingsError(RemindError):
    """A settings, routine or pose file is at fault; one line for each fault."""

    exit_code = ExitCode.SETTINGS


class SessionEndedError(RemindError):
    """Ended by the person before its end, with Ctrl-C or `q`."""

    exit_code = ExitCode.INTERRUPTED
