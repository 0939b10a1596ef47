"""A phone whose ntfy server runs in the test's own process and time."""

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
from ntfy_model import NtfyModel, RefusedError

from remind.desktop.notify.channel import ChannelError
from remind.desktop.notify.ntfy import NtfyPhone, Published

ADDRESS = "https://ntfy.example.org/topic"


class ModelPhone(NtfyPhone):
    """The real transport without its child and its sockets; `fault` is called before and after the server acts."""

    def __init__(
        self, model: NtfyModel, secret: str, fault: Callable[[str, object], None], address: str = ADDRESS
    ) -> None:
        super().__init__(address, environ={}, secret=secret)
        self.model = model
        self.secret = secret
        self.answer_topic = self._answers.rpartition("/")[2]
        self._fault = fault

    def _ask(self, url: str, method: str, body: object = None) -> list[Published]:
        self._fault("before", body)
        topic, _, rest = url.removeprefix("https://ntfy.example.org/").partition("/")
        try:
            self.model.count_request()
            if method == "POST":
                assert isinstance(body, dict)
                answer = [self.model.publish(body)]
            elif method == "DELETE":
                answer = [self.model.delete(topic, rest)] if self.model.withdraws else []
            else:
                since = rest.rpartition("since=")[2]
                answer = list(self.model.kept(topic, since, "scheduled=1" in rest))
        except RefusedError as error:
            raise ChannelError(f"ntfy.example.org: answers {error.status}") from error
        self._fault("after", body)
        return [msgspec.convert(one, Published) for one in answer]

    def listen(self, since: str, heard: Callable[[Published], None], _failed: object) -> "ModelListening":  # type: ignore[override]
        self._fault("before", None)
        return ModelListening(self, since, heard)

    def delivered(self) -> list[tuple[datetime, dict[str, object]]]:
        """Return what rang on the phone, and when."""
        found = [
            one for one in self.model.delivered(self._topic) if one["event"] == "message" and "priority" not in one
        ]
        return sorted(((datetime.fromtimestamp(one["time"], UTC), one) for one in found), key=lambda one: one[0])


class ModelListening:
    """A connection that is read when the test says so."""

    def __init__(self, phone: ModelPhone, since: str, heard: Callable[[Published], None]) -> None:
        self._phone = phone
        self._since = since
        self._heard = heard
        self.ended = False
        phone.model.listening.append(self)

    def read(self) -> None:
        """Hear what was published since the last time."""
        for one in self._phone.model.kept(self._phone.answer_topic, self._since):
            if not self.ended:
                self._since = one["id"]
                self._heard(msgspec.convert(one, Published))

    def close(self) -> None:
        self.ended = True
        if self in self._phone.model.listening:
            self._phone.model.listening.remove(self)
