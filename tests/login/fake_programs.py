"""A fake launchctl and schtasks that keep their state in the folder $FAKE and record their calls."""

from pathlib import Path

LAUNCHCTL = r"""#!/bin/sh
printf '%s\n' "$*" >> "$FAKE/calls"
domain="gui/$(id -u)"
fail() { echo "$2" >&2; exit "$1"; }
case "$1 $2" in
"print $domain") [ -e "$FAKE/session" ] || fail 113 "Could not find domain" ;;
"print $domain/stretch-remind") [ -e "$FAKE/loaded" ] || fail 113 "Could not find service"
    echo "$domain/stretch-remind = {"
    if [ -e "$FAKE/running" ]; then printf '\tstate = running\n\n\tpid = 123\n'
    else printf '\tstate = not running\n'; fi
    echo "}"
    if [ -e "$FAKE/left" ]; then rm -f "$FAKE/left" "$FAKE/loaded" "$FAKE/running"; fi
    if [ -e "$FAKE/leaving" ]; then mv "$FAKE/leaving" "$FAKE/left"; fi ;;
"print-disabled $domain") [ ! -e "$FAKE/off" ] || echo '		"stretch-remind" => disabled' ;;
"enable $domain/stretch-remind") rm -f "$FAKE/off" ;;
"bootstrap $domain") [ ! -e "$FAKE/loaded" ] || fail 5 "Bootstrap failed: 5: Input/output error"
    [ -e "$3" ] || fail 2 "no such file"
    [ ! -e "$FAKE/refuses" ] || fail 5 "Bootstrap failed: 5: Input/output error"
    touch "$FAKE/loaded" "$FAKE/running" ;;
"bootout $domain/stretch-remind") touch "$FAKE/leaving"; fail 36 "Boot-out failed: 36: Operation now in progress" ;;
"kickstart $domain/stretch-remind") [ -e "$FAKE/loaded" ] || fail 113 "Could not find service"; touch "$FAKE/running" ;;
*) fail 64 "unexpected: $*" ;;
esac
"""

SCHTASKS = r"""#!/bin/sh
printf '%s\n' "$*" >> "$FAKE/calls"
fail() { echo "ERROR: $1" >&2; exit 1; }
[ "$2 $3" = '/tn \remind' ] || fail "unexpected: $*"
[ "$1" = /create ] || [ -e "$FAKE/task" ] || fail "The system cannot find the file specified."
case "$1" in
/create) [ ! -e "$FAKE/refuses" ] || fail "Access is denied."
    [ -e "$FAKE/task" ] && [ "$6" != /f ] && fail "exists"
    iconv -f UTF-16 -t UTF-8 "$5" > "$FAKE/task" ;;
/query) cat "$FAKE/task" ;;
/run) touch "$FAKE/running" ;;
/end) rm -f "$FAKE/running" ;;
/delete) rm "$FAKE/task" ;;
esac
"""


def calls(folder: Path) -> list[str]:
    """Return each call so far, with its words."""
    return (folder / "calls").read_text(encoding="utf-8").splitlines()
