"""A fake systemctl and journalctl that record their calls, with or without a user manager."""

from pathlib import Path

import msgspec

_SYSTEMCTL = r"""#!/bin/sh
echo "${SYSTEMD_OFFLINE:+offline }$*" >> "$FAKE/calls"
shift
needs_manager() {
    [ -e "$FAKE/manager" ] && return
    echo 'Failed to connect to bus: No such file or directory' >&2
    exit 1
}
case "$1" in
daemon-reload) needs_manager ;;
enable | disable | is-enabled) [ -n "$SYSTEMD_OFFLINE" ] || needs_manager ;;
start | restart) needs_manager; touch "$FAKE/running" ;;
stop) needs_manager; rm -f "$FAKE/running" ;;
show) needs_manager
    if [ -e "$FAKE/running" ]; then printf 'MainPID=123\nActiveState=active\nSubState=running\n'
    else printf 'MainPID=0\nActiveState=inactive\nSubState=dead\n'; fi ;;
esac
if [ -e "$FAKE/fails-$1" ]; then cat "$FAKE/fails-$1" >&2; exit 1; fi
case "$1" in
enable) touch "$FAKE/enabled" ;;
disable) rm -f "$FAKE/enabled"; [ "$2" != --now ] || rm -f "$FAKE/running" ;;
is-enabled) [ -e "$FAKE/enabled" ] ;;
esac
"""
_JOURNALCTL = """#!/bin/sh
echo "journalctl $*" >> "$FAKE/calls"
exit "$(cat "$FAKE/journal-code" 2>/dev/null || echo 0)"
"""


class FakeSystemd(msgspec.Struct, frozen=True):
    """The folder in which the fake programs keep their state."""

    folder: Path

    @classmethod
    def set_up(cls, programs: Path, folder: Path) -> "FakeSystemd":
        """Write the programs into `programs`; `folder` is to be in the environment as FAKE."""
        for name, text in (("systemctl", _SYSTEMCTL), ("journalctl", _JOURNALCTL)):
            (programs / name).write_text(text)
            (programs / name).chmod(0o755)
        return cls(folder)

    @property
    def calls(self) -> list[str]:
        log = self.folder / "calls"
        return log.read_text(encoding="utf-8").splitlines() if log.exists() else []

    def has_manager(self, *, running: bool = False) -> None:
        (self.folder / "manager").touch()
        if running:
            (self.folder / "running").touch()

    def fails(self, verb: str, words: str) -> None:
        (self.folder / f"fails-{verb}").write_text(words)
