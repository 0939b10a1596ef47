"""Messages to the phone, before a server that obeys the test; the token must reach it and nobody else."""

import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from channel_contract import HOSTILE, notification, words
from ntfy_server import NtfyServer

from remind.desktop.notify.channel import ChannelError
from remind.desktop.notify.ntfy import NtfyPhone

TOKEN = "tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2"
WITH_TOKEN = {"REMIND_NTFY_TOKEN": TOKEN}
FAST = 20.0


@pytest.fixture
def server() -> Iterator[NtfyServer]:
    server = NtfyServer()
    yield server
    server.end()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Who signs certificates."""
    return trustme.CA()


def failure(phone: NtfyPhone) -> str:
    """The one line that says why nothing could be sent; it gives away neither the token nor the topic."""
    with pytest.raises(ChannelError) as error:
        phone.send(notification())
    assert len(error.value.lines) == 1
    assert TOKEN not in str(error.value)
    assert "a-secret-topic" not in str(error.value)
    return str(error.value)


def test_what_the_server_took_is_confirmed(server: NtfyServer) -> None:
    """The delivery names the host; the server got title and text as JSON, under the topic, without a token."""
    delivery = NtfyPhone(server.address(), environ={}).send(notification(body="Lean in."))
    assert (delivery.channel, delivery.confirmed, delivery.handle) == ("ntfy", True, None)
    assert delivery.server == f"127.0.0.1:{server.server_port}"
    (request,) = server.requests
    assert (request.path, request.token) == ("/", None)
    assert request.message == {
        "topic": "a-secret-topic",
        "title": "Title",
        "message": "Lean in.",
        "sequence_id": "stretch-2026-11-22",
    }


def test_a_server_below_a_folder_is_asked_there(server: NtfyServer) -> None:
    """Behind a proxy ntfy may stand anywhere; what comes last is the topic."""
    NtfyPhone(server.address().replace("/a-secret", "/push/ntfy/a-secret"), environ={}).send(notification())
    assert server.requests[0].path == "/push/ntfy/"
    assert server.requests[0].message["topic"] == "a-secret-topic"


def test_a_title_alone_is_the_message(server: NtfyServer) -> None:
    """ntfy would put a word of its own in place of an empty text."""
    NtfyPhone(server.address(), environ={}).send(notification(body=""))
    assert (server.requests[0].message["title"], server.requests[0].message["message"]) == ("", "Title")


def test_sent_again_it_takes_the_place_of_the_first(server: NtfyServer) -> None:
    """What one occurrence sends has one sequence id, of the characters and the length that ntfy allows."""
    phone = NtfyPhone(server.address(), environ={})
    for key in ("water/2026-11-22/3", "water/2026-11-22/3", f"{'ü' * 80}/2026-11-22/10:00"):
        phone.send(notification(key=key))
    ids = [request.message["sequence_id"] for request in server.requests]
    assert ids == ["water-2026-11-22-3", "water-2026-11-22-3", "-" * 64]


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_arrives_as_text(server: NtfyServer, kind: str) -> None:
    """Title and text arrive as they were written, less what no screen can show."""
    written, expected = HOSTILE[kind]
    NtfyPhone(server.address(), environ={}).send(notification(title=written, body=written))
    message = server.requests[0].message
    assert (words(message["title"]), words(message["message"])) == (expected, expected)


def test_endless_text_is_cut(server: NtfyServer) -> None:
    """Beyond 4,096 bytes ntfy would make an attachment of it."""
    NtfyPhone(server.address(), environ={}).send(notification(body="🦵" * 10000))
    text = server.requests[0].message["message"]
    assert text.endswith("🦵…")
    assert len(text.encode()) <= 4096


class TestToken:
    """Where the token comes from."""

    def test_of_a_file(self, server: NtfyServer, tmp_path: Path) -> None:
        """The line in the file is sent as a bearer token; it is read each time, so that a new one needs no restart."""
        file = tmp_path / "token"
        phone = NtfyPhone(server.address(), file, environ={})
        for written in (f"{TOKEN}\n", f"\ufeff  {TOKEN}2 \r\n"):
            file.write_text(written, encoding="utf-8")
            phone.send(notification())
        assert [request.token for request in server.requests] == [f"Bearer {TOKEN}", f"Bearer {TOKEN}2"]

    def test_of_the_environment(self, server: NtfyServer, tmp_path: Path) -> None:
        """It comes before the file, which need not even exist."""
        NtfyPhone(server.address(), tmp_path / "none", environ=WITH_TOKEN).send(notification())
        assert server.requests[0].token == f"Bearer {TOKEN}"

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b" \n",
            f"{TOKEN}\r\nX-More: {TOKEN}".encode(),
            f"{TOKEN} {TOKEN}".encode(),
            b"\xff\x00",
            b"x" * 2_000_000,
        ],
    )
    def test_a_file_without_one_is_an_error(self, server: NtfyServer, tmp_path: Path, content: bytes) -> None:
        """Empty, several lines, several words, binary or huge: the file is named, and nothing is sent."""
        file = tmp_path / "token"
        file.write_bytes(content)
        assert str(file) in failure(NtfyPhone(server.address(), file, environ={}))
        assert server.requests == []

    def test_a_missing_file_is_an_error(self, server: NtfyServer, tmp_path: Path) -> None:
        """Nothing is sent without the token that was asked for; a home that does not exist is told too."""
        for file in (tmp_path / "none", Path("~nobody-of-this-name/token"), tmp_path):
            failure(NtfyPhone(server.address(), file, environ={}))
        assert server.requests == []

    def test_a_variable_without_one_is_an_error(self, server: NtfyServer) -> None:
        """The variable is named, what stands in it is not."""
        for held in (f"{TOKEN}\nX-More: yes", f"{TOKEN}ü", f" {TOKEN}"):
            phone = NtfyPhone(server.address(), environ={"REMIND_NTFY_TOKEN": held})
            assert failure(phone).startswith("REMIND_NTFY_TOKEN: ")
        assert server.requests == []


class TestBadServers:
    """Servers that refuse, hang or answer something else."""

    @pytest.mark.parametrize(
        ("status", "said"),
        [
            (400, "answers 400 Bad Request"),
            (401, "answers 401 Unauthorized; the token is missing, wrong, or not for this topic"),
            (403, "answers 403 Forbidden; the token is missing, wrong, or not for this topic"),
            (404, "answers 404 Not Found"),
            (429, "answers 429 Too Many Requests"),
            (500, "answers 500 Internal Server Error"),
            (503, "answers 503 Service Unavailable"),
            (599, "answers 599"),
            (304, "answers 304 Not Modified; write the address that it leads to into phone.ntfy"),
        ],
    )
    def test_a_refusal_is_told_in_our_words(self, server: NtfyServer, status: int, said: str) -> None:
        """The status counts alone: what the server says beside it may hold the token."""
        server.behaviour = str(status)
        host = f"127.0.0.1:{server.server_port}"
        assert failure(NtfyPhone(server.address(), environ=WITH_TOKEN)) == f"{host}: {said}"

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_no_redirect_is_followed(self, server: NtfyServer, status: int) -> None:
        """Neither message nor token goes to another host, or to another place on the same."""
        other = NtfyServer()
        phone = NtfyPhone(server.address(), environ=WITH_TOKEN)
        server.behaviour = str(status)
        try:
            for server.location in (
                f"http://127.0.0.1:{other.server_port}/{TOKEN}",
                "/elsewhere",
                "file:///etc/passwd",
                "",
            ):
                assert "write the address that it leads to" in failure(phone)
        finally:
            other.end()
        assert other.requests == []
        assert {request.path for request in server.requests} == {"/"}

    @pytest.mark.parametrize("behaviour", ["close", "cut", "rubbish", "page", "other", "gotify", "deep", "echo"])
    def test_rubbish_is_no_confirmation(self, server: NtfyServer, behaviour: str) -> None:
        """Hung up, cut off, no HTTP, or HTTP of some other program: nothing is taken for sent; then it works again."""
        server.behaviour = behaviour
        phone = NtfyPhone(server.address(), environ=WITH_TOKEN)
        assert "does not answer as ntfy does" in failure(phone) or behaviour == "close"
        server.behaviour = "good"
        assert phone.send(notification()).confirmed

    @pytest.mark.parametrize("behaviour", ["hang", "dribble"])
    def test_a_hang_is_ended(self, server: NtfyServer, behaviour: str) -> None:
        """Also of a server that sends a little now and then, which no time limit of a socket would end."""
        server.behaviour = behaviour
        began = time.monotonic()
        assert "no answer" in failure(NtfyPhone(server.address(), environ={}, timeout=0.5))
        assert time.monotonic() - began < 10

    def test_nobody_there(self, server: NtfyServer) -> None:
        """A port that nobody listens on, one that there is not, and a name that does not exist are told plainly."""
        server.end()
        assert "cannot be reached: Connection refused" in failure(NtfyPhone(server.address(), environ={}))
        for address in ("http://127.0.0.1:99999/a-secret-topic", "https://nowhere.invalid/a-secret-topic"):
            assert "cannot be reached: " in failure(NtfyPhone(address, environ={}))


class TestTls:
    """Who is at the other end is proved."""

    @pytest.fixture
    def environ(self, authority: trustme.CA, tmp_path: Path) -> dict[str, str]:
        """Where that authority, and no other, is trusted."""
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        return {**WITH_TOKEN, "SSL_CERT_FILE": str(tmp_path / "ca.pem")}

    def serve(self, authority: trustme.CA, name: str) -> NtfyServer:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name).configure_cert(context)
        return NtfyServer(context)

    def test_a_proven_server_gets_the_message(self, authority: trustme.CA, environ: dict[str, str]) -> None:
        """A certificate for this host by an authority that is trusted."""
        server = self.serve(authority, "localhost")
        try:
            assert NtfyPhone(server.address("localhost"), environ=environ).send(notification()).confirmed
            assert server.requests[0].token == f"Bearer {TOKEN}"
        finally:
            server.end()

    def test_another_name_gets_nothing(self, authority: trustme.CA, environ: dict[str, str]) -> None:
        """A certificate for some other host, though by a trusted authority."""
        server = self.serve(authority, "elsewhere.example")
        try:
            assert "its certificate is not trusted" in failure(NtfyPhone(server.address("localhost"), environ=environ))
            assert server.requests == []
        finally:
            server.end()

    def test_an_unknown_authority_gets_nothing(self, environ: dict[str, str]) -> None:
        """A certificate that anybody could have made."""
        server = self.serve(trustme.CA(), "localhost")
        try:
            assert "its certificate is not trusted" in failure(NtfyPhone(server.address("localhost"), environ=environ))
            assert server.requests == []
        finally:
            server.end()

    def test_no_tls_gets_nothing(self, server: NtfyServer) -> None:
        """A server that does not speak it is no server for an https address."""
        assert "cannot be reached" in failure(
            NtfyPhone(server.address().replace("http:", "https:"), environ=WITH_TOKEN)
        )
        assert server.requests == []


def test_a_proxy_never_sees_what_has_no_tls(server: NtfyServer) -> None:
    """A message to this computer goes there by itself, whatever proxy the environment names."""
    proxy = NtfyServer()
    environ = {**WITH_TOKEN, "http_proxy": f"http://127.0.0.1:{proxy.server_port}"}
    try:
        assert NtfyPhone(server.address(), environ=environ).send(notification()).confirmed
    finally:
        proxy.end()
    assert (len(server.requests), len(proxy.requests)) == (1, 0)


def test_the_token_stands_on_no_command_line(server: NtfyServer) -> None:
    """What every user of the machine may read of a process holds neither token nor topic."""
    server.behaviour = "hang"
    seen: list[str] = []
    script = "import sys; from remind.desktop.notify.ntfy import NtfyPhone; from channel_contract import notification\n"
    script += "NtfyPhone(sys.stdin.readline().strip(), timeout=3.0).send(notification())"
    child = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={"PYTHONPATH": ":".join(sys.path), **WITH_TOKEN},
    )  # fmt: skip
    assert child.stdin is not None
    child.stdin.write(server.address() + "\n")
    child.stdin.close()
    while child.poll() is None:
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                seen.append(path.read_text(errors="replace"))
            except OSError:
                continue
        time.sleep(0.05)
    assert any("ntfy_child" in line for line in seen)
    of_this_test = f"127.0.0.1:{server.server_port}"  # other tests put theirs on a command line
    assert not [line for line in seen if TOKEN in line or of_this_test in line]


def test_nothing_is_loaded_before_it_is_needed() -> None:
    """The service that may once send a message holds neither TLS nor HTTP in memory, before or after."""
    server = NtfyServer()
    script = (
        "import sys; from remind.desktop.notify.ntfy import NtfyPhone; from channel_contract import notification\n"
        "NtfyPhone(sys.argv[1]).send(notification())\n"
        "sys.exit(any(m.split('.')[0] in ('ssl', 'http', 'urllib.request') for m in sys.modules))"
    )
    try:
        done = subprocess.run(
            [sys.executable, "-c", script, server.address()], env={"PYTHONPATH": ":".join(sys.path)}, check=False
        )
    finally:
        server.end()
    assert (done.returncode, len(server.requests)) == (0, 1)
