"""`remind service`: install and control the login service."""

from collections.abc import Sequence
from pathlib import Path

import click

from remind.app import App
from remind.cli.group import Group, WholeNumber
from remind.cli.output import say
from remind.errors import NotRunningError, RemindError
from remind.lock import lock_owner
from remind.login import MANAGERS, install_service, service_manager, uninstall_service

_FORCE = click.option("--force", is_flag=True, help="Replace or remove it even if you edited it.")


@click.group(cls=Group)
def service() -> None:
    """Manage the login service.

    Example: remind service install
    """


@service.command()
@_FORCE
def install(force: bool) -> None:
    """Install and start the service; it then starts at each login. Add remind to your menu of applications.

    Example: remind service install
    """
    from remind.cli.notify import ask_permission
    from remind.login.launchers import install_launcher

    service_manager()  # before a person is asked for anything
    ask_permission()
    installed = install_service(force=force)
    say(f"{'Wrote' if installed.changed else 'Unchanged:'} {installed.where}")
    added = install_launcher()
    for line in _listed(added):
        say(f"Wrote {line}")
    if added:
        say("remind is in your menu of applications.")
    if installed.waits:
        say(f"The service starts at your next login: {installed.waits}.")
    else:
        say("The service is running, and starts at each login.")


@service.command()
@_FORCE
@click.pass_obj
def uninstall(app: App, force: bool) -> None:
    """Stop the service, and remove it and the menu entry; settings and diary stay.

    Example: remind service uninstall
    """
    from remind.login.launchers import remove_launcher

    removed = uninstall_service(force=force)
    for line in (*removed, *_listed(remove_launcher())):
        say(f"Removed {line}")
    if not removed:
        say("The service is not installed.")
    for what, folder in (("settings are", app.folders.config), ("diary is", app.folders.data)):
        if folder.exists():
            say(f"Your {what} still in {folder}.")


@service.command()
@click.option("--for", "name", type=click.Choice(list(MANAGERS)), help="Show it for another system.")
def preview(name: str | None) -> None:
    """Print what `remind service install` would write, and write nothing.

    The names of the files go to standard error, so that standard output is the first of them, which starts the service.

    Example: remind service preview
    """
    manager = MANAGERS[name]() if name else service_manager()
    say(f"{manager.where}:", err=True)
    click.echo(manager.text(), nl=False)
    if name is None:
        from remind.login.launchers import launcher

        for line in _listed(launcher().paths):
            say(f"For the menu of applications: {line}", err=True)


@service.command()
def start() -> None:
    """Start the service now.

    Example: remind service start
    """
    service_manager().start()
    say("The service is running.")


@service.command()
def stop() -> None:
    """Stop the service until the next login.

    Example: remind service stop
    """
    service_manager().stop()
    say("The service is stopped until the next login.")


@service.command()
@click.pass_obj
def status(app: App) -> None:
    """Show whether the service is running. The exit code is 3 if it is not.

    Example: remind service status
    """
    pid = lock_owner(app.folders.lock)
    try:
        found = service_manager().status()
    except RemindError as error:
        if pid is None:
            raise NotRunningError(f"the service is not running: {error}") from error
        say(f"`remind run` is running in the foreground, process {pid}.")
        return
    login = "starts at each login" if found.enabled else "does not start at login (`remind service install`)"
    if found.running:
        say(f"The service is running: {f'{found.state}, ' if found.state else ''}process {found.pid}; it {login}.")
    elif pid is not None:
        login = login if found.installed else "is not installed"
        say(f"`remind run` is running in the foreground, process {pid}. The login service {login}.")
    elif not found.installed:
        raise NotRunningError("the service is not installed. Run `remind service install`.")
    else:
        state = f": {found.state}" if found.state else ""
        raise NotRunningError(f"the service is not running{state}. It {login}.")


@service.command()
@click.option(
    "-n",
    "--lines",
    type=WholeNumber(min=0),
    default=50,
    show_default=True,
    metavar="N",
    help="Show the last N lines.",
)
@click.option("-f", "--follow", is_flag=True, help="Show new lines too, until Ctrl-C.")
def logs(lines: int, follow: bool) -> None:
    """Show the service's log.

    Example: remind service logs --follow
    """
    service_manager().logs(lines, follow=follow)


def _listed(paths: Sequence[Path]) -> list[str]:
    """Return a line for each file, and one for all icons of a menu."""
    icons = [path for path in paths if "hicolor" in path.parts]
    lines = [str(path) for path in paths if path not in icons]
    return [*lines, f"{len(icons)} icons below {icons[0].parents[2]}"] if icons else lines
