"""`remind service`: the login service, installed and controlled."""

import click

from remind.cli.group import Group
from remind.errors import NotRunningError
from remind.login import service_manager

_FORCE = click.option("--force", is_flag=True, help="Go on even if its file was edited by hand.")


@click.group(cls=Group)
def service() -> None:
    """Manage the login service.

    Example: remind service install
    """


@service.command()
@_FORCE
def install(force: bool) -> None:
    """Install and start the service; it then starts at each login.

    Example: remind service install
    """
    from remind.cli.notify import ask_permission

    manager = service_manager()
    ask_permission()
    installed = manager.install(force=force)
    click.echo(f"{'Wrote' if installed.changed else 'Unchanged:'} {installed.path}")
    if installed.started:
        click.echo("The service is running, and starts at each login.")
    else:
        click.echo("No service manager of yours is running here; the service starts at your next login.")


@service.command()
@_FORCE
def uninstall(force: bool) -> None:
    """Stop the service and remove it; settings and diary stay.

    Example: remind service uninstall
    """
    removed = service_manager().uninstall(force=force)
    click.echo("Removed; settings and diary stay." if removed else "The service is not installed.")


@service.command()
def start() -> None:
    """Start the service now.

    Example: remind service start
    """
    service_manager().start()
    click.echo("The service is running.")


@service.command()
def stop() -> None:
    """Stop the service until the next login.

    Example: remind service stop
    """
    service_manager().stop()
    click.echo("The service is stopped until the next login.")


@service.command()
def status() -> None:
    """Show whether the service is running; exit code 3 if it isn't.

    Example: remind service status
    """
    found = service_manager().status()
    if not found.installed:
        raise NotRunningError("the service is not installed; run `remind service install`")
    login = "starts at each login" if found.enabled else "does not start at login (`remind service install`)"
    if not found.running:
        raise NotRunningError(f"the service is not running: {found.state}; it {login}")
    click.echo(f"The service is running: {found.state}, process {found.pid}; it {login}.")


@service.command()
@click.option(
    "-n",
    "--lines",
    type=click.IntRange(min=0),
    default=50,
    show_default=True,
    metavar="N",
    help="Show the last N lines.",
)
@click.option("-f", "--follow", is_flag=True, help="Print new lines until Ctrl-C.")
def logs(lines: int, follow: bool) -> None:
    """Show the service's log.

    Example: remind service logs --follow
    """
    service_manager().logs(lines, follow=follow)
