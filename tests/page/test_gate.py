"""Everything that must not come in, tried with plain requests; and what the answers carry."""

import http.client
import os
import socket
from pathlib import Path

import pytest
from served import Served
from visitor import Headers, Visitor

from remind.page import peer
from remind.page.gate import MOST_BODY


@pytest.fixture
def stranger(served: Served) -> Visitor:
    """Somebody who knows the port alone."""
    return Visitor(served.port)


@pytest.fixture
def guest(served: Served) -> Visitor:
    """The browser that was given the address."""
    path = served.address("/stretch?routine=mine").partition(str(served.port))[2]
    answer = Visitor(served.port).ask("GET", path)
    assert (answer.status, answer.getheader("Location")) == (303, "/stretch?routine=mine")
    cookie = answer.getheader("Set-Cookie") or ""
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    return Visitor(served.port, cookie.partition(";")[0])


PRESS = {"key": "toggle", "tab": 1}


def test_who_was_given_the_address_comes_in(guest: Visitor) -> None:
    """The page, its files, and what its buttons send."""
    assert guest.ask("GET", "/stretch").status == 200
    assert guest.ask("GET", "/static/stretch.mjs").status == 200
    assert guest.post("/stretch/press", PRESS).status == 204


@pytest.mark.parametrize(
    "path", ["/", "/stretch", "/cramp", "/events", "/static/base.css", "/stretch?t=", "/stretch?t=wrong"]
)
def test_without_the_cookie_nothing_is_shown(stranger: Visitor, path: str) -> None:
    """Neither a page nor a file nor the stream, and the answer says how to come in."""
    answer = stranger.ask("GET", path)
    assert answer.status == 403
    assert "Open remind from your menu of applications, or with `remind open`." in answer.text  # type: ignore[attr-defined]


def test_the_token_works_once(served: Served, guest: Visitor) -> None:
    """Whoever reads the address in the list of processes comes too late."""
    path = served.address("/stretch").partition(str(served.port))[2]
    assert Visitor(served.port).ask("GET", path).status == 403
    assert guest.ask("GET", "/stretch").status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "localhost"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Cookie": "remind=x"},
        {"Cookie": "\x01=\x02"},
    ],
    ids=str,
)
def test_a_page_of_somebody_else_gets_nothing(guest: Visitor, headers: Headers) -> None:
    """A foreign host name (DNS rebinding), a foreign origin, another port, a wrong cookie."""
    assert guest.ask("GET", "/stretch", headers=headers).status == 403


def test_two_hosts_or_none_are_refused(served: Served, guest: Visitor) -> None:
    """What proxies disagree about never reaches a page."""
    own = f"Host: 127.0.0.1:{served.port}\r\n"
    for hosts in ("", own + "Host: evil.example\r\n"):
        with socket.create_connection(("127.0.0.1", served.port), 10) as connection:
            connection.sendall(f"GET /stretch HTTP/1.1\r\n{hosts}Cookie: {guest.cookie}\r\n\r\n".encode())
            assert connection.recv(100).split()[1] in (b"400", b"403")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": ""}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Content_Type": "text/plain"}, 415),
        ({"Content_Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content_Type": ""}, 415),
    ],
    ids=str,
)
def test_a_form_of_somebody_else_changes_nothing(guest: Visitor, headers: Headers, status: int) -> None:
    """Without the page's own origin and JSON nothing is done."""
    assert guest.post("/stretch/press", PRESS, **headers).status == status


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"", b"[]", b"\xff\xfe", b"[" * 5000, b'{"key": "toggle"}', b'{"key": "away", "tab": 1}',
        b'{"key": "toggle", "tab": "1"}', b'{"key": "toggle", "tab": 1, "more": 1}',
    ],
    ids=lambda body: repr(body[:30]),
)  # fmt: skip
def test_bad_json_is_told_in_one_line(guest: Visitor, body: bytes) -> None:
    """What makes no sense is a 400 with one line, and no traceback."""
    answer = guest.post("/stretch/press", body)
    assert answer.status == 400
    assert len(answer.text.splitlines()) == 1  # type: ignore[attr-defined]


def test_a_large_body_is_not_read(served: Served, guest: Visitor) -> None:
    """One that says its length is refused; one that doesn't is read no further than the limit."""
    assert guest.post("/stretch/press", b"x" * (MOST_BODY + 1)).status == 413
    chunk = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
    head = (
        f"POST /stretch/press HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nOrigin: http://127.0.0.1:{served.port}\r\n"
        f"Cookie: {guest.cookie}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", served.port), 10) as connection:
        connection.sendall(head.encode() + chunk * 5)
        assert connection.recv(100).split()[1] == b"413"


@pytest.mark.parametrize(
    "path", ["/static/../site.py", "/static/%2e%2e/site.py", "/../../etc/passwd", "/static//etc/passwd"]
)
def test_no_other_file_can_be_read(guest: Visitor, path: str) -> None:
    """A path that climbs finds nothing."""
    assert guest.ask("GET", path).status == 404


def test_an_address_without_a_page_leads_back(guest: Visitor) -> None:
    """As every other failure that a person can meet; a script of ours gets one line."""
    lost = guest.ask("GET", "/dairy")
    assert lost.status == 404
    assert "There is no page at this address." in lost.text  # type: ignore[attr-defined]
    assert 'href="/"' in lost.text  # type: ignore[attr-defined]
    assert guest.post("/dairy", {}).text == "There is no page at this address.\n"  # type: ignore[attr-defined]


def test_every_answer_is_closed_to_others(guest: Visitor, stranger: Visitor) -> None:
    """No inline code, no frame, no referrer, no copy in a cache; also where the answer is a refusal."""
    for answer in (guest.ask("GET", "/stretch"), guest.ask("GET", "/static/base.css"), stranger.ask("GET", "/")):
        policy = answer.getheader("Content-Security-Policy") or ""
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.getheader("Referrer-Policy") == "no-referrer"
        assert answer.getheader("Cross-Origin-Resource-Policy") == "same-origin"
        assert answer.getheader("Cache-Control") == "no-store"
        assert answer.getheader("Server") is None


def test_what_was_typed_is_escaped(served: Served, guest: Visitor) -> None:
    """A routine's own words, and a name in the address, are words on the page and never markup."""
    evil = "<script>alert(1)</script>"
    mine = (served.folders.routines / "mine.toml").read_text().replace("A short one", evil)
    mine = mine.replace("`nothing`", f"`{evil}`").replace("Hands on the wall.", "</script><img src=x>")
    (served.folders.routines / "mine.toml").write_text(mine)
    shown = guest.ask("GET", "/stretch?routine=mine").text  # type: ignore[attr-defined]
    assert "<script>alert" not in shown
    assert "<img" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    lost = guest.ask("GET", "/stretch?routine=%3Cb%3Ex")
    assert lost.status == 404
    assert "&lt;b&gt;x" in lost.text  # type: ignore[attr-defined]


TABLE = """  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000  {server}        0 1
   1: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  {client}        0 2
"""


def test_another_person_on_this_computer_is_refused(tmp_path: Path) -> None:
    """The kernel says whose process is at the other end; where it doesn't tell, it counts as one's own."""
    table, own = tmp_path / "tcp", os.getuid()
    table.write_text(TABLE.format(server=own, client=own))
    assert peer.is_own(("127.0.0.1", 50000), 8080, table)
    assert not peer.is_own(("127.0.0.1", 50001), 8080, table)
    table.write_text(TABLE.format(server=own, client=own) * 2)  # as the kernel gives it while others connect
    assert peer.is_own(("127.0.0.1", 50000), 8080, table)
    table.write_text(TABLE.format(server=own, client=own + 1))
    assert not peer.is_own(("127.0.0.1", 50000), 8080, table)
    assert peer.is_own(("127.0.0.1", 50000), 8080, tmp_path / "none")


def test_a_connection_of_somebody_else_is_cut(guest: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even with the cookie, a process of somebody else is not answered at all."""
    monkeypatch.setattr(peer, "is_own", lambda *_: False)
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        guest.ask("GET", "/stretch")
