"""What the running service tells the commands about itself."""

from datetime import datetime

import msgspec

from remind.store.key_value import Facts

_FACT = "service"


class ServiceState(msgspec.Struct, frozen=True):
    """The process, and since when it runs."""

    pid: int
    since: datetime


def read_state(facts: Facts) -> ServiceState | None:
    """What the service said last; None if none ever ran."""
    text = facts.get(_FACT)
    return msgspec.json.decode(text, type=ServiceState) if text else None


def write_state(facts: Facts, state: ServiceState) -> None:
    """Say it; nothing is written if it was said already."""
    text = msgspec.json.encode(state).decode()
    if facts.get(_FACT) != text:
        facts.set(_FACT, text)
