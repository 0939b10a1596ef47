"""Run in Wine by `tests/wine/run`: the task, the shortcuts, and the service that a shortcut starts at login."""

import subprocess
import sys
import tempfile
from collections.abc import Sequence

from remind.files import own_folders
from remind.login import install_service, service_manager, task_scheduler, uninstall_service
from remind.login.launchers import install_launcher, launcher, remove_launcher

failed = False


def check(what: str, right: object) -> None:
    """Print one line about what was tried."""
    global failed
    failed |= not right
    print("ok  " if right else "FAIL", what, flush=True)


def run_tool(command: Sequence[str], *_: object) -> "subprocess.CompletedProcess[str]":
    """Run schtasks without a pipe, which Wine's other processes would inherit and keep open."""
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, timeout=60, check=False)
        said.seek(0)
        return subprocess.CompletedProcess(command, done.returncode, said.read().decode(errors="replace"), "")


def refuse(command: Sequence[str], *_: object) -> "subprocess.CompletedProcess[str]":
    """Refuse a task, as Windows may where an administrator forbids it."""
    return subprocess.CompletedProcess(command, 1, "", "ERROR: Access is denied.")


manager = service_manager()
own_folders().config.mkdir(parents=True, exist_ok=True)
own_folders().settings.write_text("[stretch]\nenabled = false\n[water]\nenabled = false\n", encoding="utf-8")

task_scheduler.run_tool = run_tool  # type: ignore[assignment]
manager._write(manager.text())
check("schtasks takes the task", "Task Scheduler" in manager.where)

task_scheduler.run_tool = refuse  # type: ignore[assignment]
installed = install_service()
check("a refused task becomes a shortcut", installed.changed and installed.where.endswith("remind.lnk"))
check("it is current", manager.is_current() and not install_service().changed)
check("the service runs", manager.status().running)
manager.stop()
check("it is stopped", not manager.status().running)
manager.start()
check("it runs again", manager.status().running)
check("the Start menu has remind", install_launcher() and all(path.exists() for path in launcher().paths))
check("uninstall says what goes", uninstall_service() == [installed.where])
remove_launcher()
check("nothing is left", not any(path.exists() for path in [*launcher().paths, own_folders().lock, own_folders().log]))
sys.exit(failed)
