"""What works here and what does not: checks that look and change nothing."""

from typing import Literal

import msgspec

Verdict = Literal["ok", "warning", "fault"]


class Check(msgspec.Struct, frozen=True):
    """What was found out about one thing, and what to do if something is wrong with it."""

    check: str
    verdict: Verdict
    found: str
    advice: str = ""
