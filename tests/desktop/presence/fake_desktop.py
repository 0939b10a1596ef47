"""The services of a desktop on a bus, which answer what a test wants."""

from collections.abc import Mapping
from typing import Any

from fake_service import FakeService
from jeepney import HeaderFields, MessageFlag, new_error, new_method_return

SERVER = "org.freedesktop.Notifications"
ABOUT = (f"{SERVER}.GetServerInformation",)
Answers = Mapping[tuple[str, ...], tuple[str, tuple[object, ...]]]
"""For interface, member and arguments of a call: the signature and the values of the answer."""


class FakeDesktop(FakeService):
    """Owns `names` on the bus at `address` from its making until `end`, and answers at `path`."""

    def __init__(self, address: str, names: list[str], path: str, answers: Answers) -> None:
        self.answers: Answers = answers
        self._path = path
        super().__init__(address, *names)
        # Its behaviour may also be twice, which sends an error after each good reply.

    def answer(self, call: Any) -> None:
        fields = call.header.fields
        assert call.header.flags & MessageFlag.no_auto_start, "a query starts no program"
        asked = (f"{fields[HeaderFields.interface]}.{fields[HeaderFields.member]}", *call.body)
        known = self.answers.get(asked)
        if known is None or (fields[HeaderFields.path] != self._path and asked != ABOUT):
            self.connection.send(new_error(call, "org.freedesktop.DBus.Error.UnknownMethod"))
        else:
            self.connection.send(new_method_return(call, *known))
            if self.behaviour == "twice":
                self.connection.send(new_error(call, "org.freedesktop.DBus.Error.UnknownMethod"))
