"""Messages to the phone, with a server that does what the test wants; only that server may get the token."""

import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import trustme
from channel_contract import HOSTILE, words
from ntfy_server import NtfyServer

from remind.desktop.notify.channel import ChannelError
from remind.desktop.notify.ntfy import Message, NtfyPhone

TOKEN = "tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2"
WITH_TOKEN = {"REMIND_NTFY_TOKEN": TOKEN}


Serve = Callable[..., NtfyServer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """A function that starts servers, which end after the test."""
    with ExitStack() as ending:

        def start(tls: ssl.SSLContext | None = None) -> NtfyServer:
            server = NtfyServer(tls)
            ending.callback(server.end)
            return server

        yield start


@pytest.fixture
def server(serve: Serve) -> NtfyServer:
    return serve()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """The authority that signs certificates."""
    return trustme.CA()


def message(title: str = "Title", body: str = "Body") -> Message:
    """Return a message without buttons."""
    return Message(sequence_id="s1", title=title, body=body)


def failure(phone: NtfyPhone) -> str:
    """Return the line that says why nothing could be sent, which must name neither the token nor the topic."""
    with pytest.raises(ChannelError) as error:
        phone.publish(message())
    assert len(error.value.lines) == 1
    assert TOKEN not in str(error.value)
    assert "a-secret-topic" not in str(error.value)
    return str(error.value)


def test_what_the_server_took_is_confirmed(server: NtfyServer) -> None:
    """The server gets title and text as JSON, under the topic, without a token."""
    assert NtfyPhone(server.address(), environ={}).publish(message(body="Lean in.")).event == "message"
    (request,) = server.requests
    assert (request.path, request.token) == ("/", None)
    assert request.message == {
        "topic": "a-secret-topic",
        "title": "Title",
        "message": "Lean in.",
        "sequence_id": "s1",
    }


def test_a_server_below_a_folder_is_asked_there(server: NtfyServer) -> None:
    """ntfy may have any path behind a proxy; the last part is the topic."""
    NtfyPhone(server.address().replace("/a-secret", "/push/ntfy/a-secret"), environ={}).publish(message())
    assert server.requests[0].path == "/push/ntfy/"
    assert server.requests[0].message["topic"] == "a-secret-topic"


def test_a_title_alone_is_the_message(server: NtfyServer) -> None:
    """ntfy would replace an empty text with a word of its own."""
    NtfyPhone(server.address(), environ={}).publish(message(body=""))
    assert (server.requests[0].message["title"], server.requests[0].message["message"]) == ("", "Title")


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_arrives_as_text(server: NtfyServer, kind: str) -> None:
    """Title and text arrive as they were written, without what no screen can show."""
    written, expected = HOSTILE[kind]
    NtfyPhone(server.address(), environ={}).publish(message(title=written, body=written))
    sent = server.requests[0].message
    assert (words(sent["title"]), words(sent["message"])) == (expected, expected)


def test_endless_text_is_cut(server: NtfyServer) -> None:
    """ntfy would make an attachment of more than 4,096 bytes."""
    NtfyPhone(server.address(), environ={}).publish(message(body="🦵" * 10000))
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
            phone.publish(message())
        assert [request.token for request in server.requests] == [f"Bearer {TOKEN}", f"Bearer {TOKEN}2"]

    def test_of_the_environment(self, server: NtfyServer, tmp_path: Path) -> None:
        """The variable is used instead of the file, which need not exist."""
        NtfyPhone(server.address(), tmp_path / "none", environ=WITH_TOKEN).publish(message())
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
        """Nothing is sent if the file with the token is missing, is a folder, or has a ~ that names no user."""
        for file in (tmp_path / "none", Path("~nobody-of-this-name/token"), tmp_path):
            failure(NtfyPhone(server.address(), file, environ={}))
        assert server.requests == []

    def test_a_variable_without_one_is_an_error(self, server: NtfyServer) -> None:
        """The error names the variable but not its value."""
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
        """Only the status is reported: anything else that the server says may contain the token."""
        server.behaviour = str(status)
        host = f"127.0.0.1:{server.server_port}"
        assert failure(NtfyPhone(server.address(), environ=WITH_TOKEN)) == f"{host}: {said}"

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_no_redirect_is_followed(self, server: NtfyServer, serve: Serve, status: int) -> None:
        """Neither message nor token goes to another host, or to another path on the same host."""
        other = serve()
        phone = NtfyPhone(server.address(), environ=WITH_TOKEN)
        server.behaviour = str(status)
        elsewhere = f"http://127.0.0.1:{other.server_port}/{TOKEN}"
        for server.location in (elsewhere, "/elsewhere", "file:///etc/passwd", ""):
            assert "write the address that it leads to" in failure(phone)
        assert other.requests == []
        assert {request.path for request in server.requests} == {"/"}

    @pytest.mark.parametrize("behaviour", ["close", "cut", "rubbish", "page", "other", "gotify", "deep", "echo"])
    def test_rubbish_is_no_confirmation(self, server: NtfyServer, behaviour: str) -> None:
        """An answer that is cut off, not HTTP, or not from ntfy does not count as sent; the next one does."""
        server.behaviour = behaviour
        phone = NtfyPhone(server.address(), environ=WITH_TOKEN)
        assert "does not answer as ntfy does" in failure(phone) or behaviour == "close"
        server.behaviour = "good"
        assert phone.publish(message())

    @pytest.mark.parametrize("behaviour", ["hang", "dribble"])
    def test_a_hang_is_ended(self, server: NtfyServer, behaviour: str) -> None:
        """So is one that sends a little now and then, which no socket timeout would end."""
        server.behaviour = behaviour
        began = time.monotonic()
        assert "no answer" in failure(NtfyPhone(server.address(), environ={}, timeout=0.5))
        assert time.monotonic() - began < 10

    def test_nobody_there(self, server: NtfyServer) -> None:
        """A closed port, an invalid port and an unknown name each give a plain reason."""
        server.end()
        assert "cannot be reached: Connection refused" in failure(NtfyPhone(server.address(), environ={}))
        for address in ("http://127.0.0.1:99999/a-secret-topic", "https://nowhere.invalid/a-secret-topic"):
            assert "cannot be reached: " in failure(NtfyPhone(address, environ={}))


class TestTls:
    """The server must prove who it is."""

    @pytest.fixture
    def environ(self, authority: trustme.CA, tmp_path: Path) -> dict[str, str]:
        """An environment that trusts that authority and no other."""
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        return {**WITH_TOKEN, "SSL_CERT_FILE": str(tmp_path / "ca.pem")}

    def context(self, authority: trustme.CA, name: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name).configure_cert(context)
        return context

    def test_a_proven_server_gets_the_message(
        self, authority: trustme.CA, environ: dict[str, str], serve: Serve
    ) -> None:
        """A certificate for this host by a trusted authority is accepted."""
        server = serve(self.context(authority, "localhost"))
        assert NtfyPhone(server.address("localhost"), environ=environ).publish(message())
        assert server.requests[0].token == f"Bearer {TOKEN}"

    @pytest.mark.parametrize(("name", "trusted"), [("elsewhere.example", True), ("localhost", False)])
    def test_an_unproven_server_gets_nothing(
        self, authority: trustme.CA, environ: dict[str, str], serve: Serve, name: str, trusted: bool
    ) -> None:
        """A certificate for another host, or one that anybody could have made, is refused."""
        server = serve(self.context(authority if trusted else trustme.CA(), name))
        assert "its certificate is not trusted" in failure(NtfyPhone(server.address("localhost"), environ=environ))
        assert server.requests == []

    def test_no_tls_gets_nothing(self, server: NtfyServer) -> None:
        """An https address needs a server with TLS."""
        assert "cannot be reached" in failure(
            NtfyPhone(server.address().replace("http:", "https:"), environ=WITH_TOKEN)
        )
        assert server.requests == []


def test_a_proxy_never_sees_what_has_no_tls(server: NtfyServer, serve: Serve) -> None:
    """A message without TLS goes to its server directly, whatever proxy the environment names."""
    proxy = serve()
    environ = {**WITH_TOKEN, "http_proxy": f"http://127.0.0.1:{proxy.server_port}"}
    assert NtfyPhone(server.address(), environ=environ).publish(message())
    assert (len(server.requests), len(proxy.requests)) == (1, 0)


def test_the_token_stands_on_no_command_line(server: NtfyServer) -> None:
    """No command line, which every user of the machine can read, contains the token or the topic."""
    server.behaviour = "hang"
    seen: list[str] = []
    script = "import sys; from remind.desktop.notify.ntfy import Message, NtfyPhone\n"
    script += "NtfyPhone(sys.stdin.readline().strip(), timeout=3.0).publish(Message(sequence_id='s1', title='T'))"
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


def test_nothing_is_loaded_before_it_is_needed(server: NtfyServer) -> None:
    """The service that may once send a message loads neither TLS nor HTTP, before or after."""
    script = (
        "import sys; from remind.desktop.notify.ntfy import Message, NtfyPhone\n"
        "NtfyPhone(sys.argv[1]).publish(Message(sequence_id='s1', title='T'))\n"
        "sys.exit(any(m.split('.')[0] in ('ssl', 'http', 'urllib.request') for m in sys.modules))"
    )
    command = [sys.executable, "-c", script, server.address()]
    done = subprocess.run(command, env={"PYTHONPATH": ":".join(sys.path)}, check=False)
    assert (done.returncode, len(server.requests)) == (0, 1)
