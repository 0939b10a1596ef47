"""What a check finds."""

from typing import Literal

import msgspec

Verdict = Literal["ok", "warning", "fault"]


class Check(msgspec.Struct, frozen=True):
    """What was found out about one thing, and what to do if it is not as it should be."""

    check: str
    verdict: Verdict
    found: str
    advice: str = ""
