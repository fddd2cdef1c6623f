"""Two hundred connections that never send a whole request, to the real server; meanwhile a clinician opens a patient's
page and saves a dose.
"""

import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from tests.abuse.scratch_site import Site
from titration.demo.server import listen_on_a_free_port, serving
from titration.serving import HOST, port_of
from titration.torture.sending import Sent, send

CONNECTIONS = 200
PAGES = 5
SECONDS_UNTIL_ENDED = 20
_LINES = "Host: 127.0.0.1\r\nX-Forwarded-Proto: https\r\n"


def scenario(site: Site) -> dict[str, Any]:
    person = site.world.people[0]
    listening = listen_on_a_free_port()
    port = port_of(listening)
    told: dict[str, Any] = {}
    with serving(listening):
        _page(port, site, person)
        for kind, start in _starts(person).items():
            with _half_open(port, start) as opened:
                pages = [_page(port, site, person) for _ in range(PAGES)]
                saved, seconds = _save(port, site, person)
                told[kind] = {
                    "opened": len(opened),
                    "statuses": sorted({status for status, _ in pages}),
                    "slowest": max(took for _, took in pages),
                    "saved": (saved, seconds),
                    "answer": _answer(opened[0]),
                }
    return told


def _starts(person: Any) -> dict[str, bytes]:
    """Nothing at all; half a line; headers without an end; a form whose body stays away, declared and in chunks."""
    form = f"POST /sign-in/ HTTP/1.1\r\n{_LINES}Cookie: {person.cookies}\r\nX-CSRFToken: {person.csrf}\r\n"
    form += "Origin: https://127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    return {
        "silent": b"",
        "half a line": b"GET /sign-",
        "headers": f"GET /sign-in/ HTTP/1.1\r\n{_LINES}X-Slow: ".encode(),
        "body": f"{form}Content-Length: 1000\r\n\r\nlogin=a".encode(),
        "chunks": f"{form}Transfer-Encoding: chunked\r\n\r\n5\r\nlogin\r\n".encode(),
    }


@contextmanager
def _half_open(port: int, start: bytes) -> Iterator[list[socket.socket]]:
    with ExitStack() as ends:
        opened = [ends.enter_context(socket.create_connection((HOST, port), 10)) for _ in range(CONNECTIONS)]
        for each in opened:
            each.sendall(start)
        time.sleep(0.5)
        yield opened


def _page(port: int, site: Site, person: Any) -> tuple[int, float]:
    started = time.monotonic()
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    try:
        headers = {"Host": "127.0.0.1", "X-Forwarded-Proto": "https", "Cookie": person.cookies}
        connection.request("GET", site.url("patient"), headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status, round(time.monotonic() - started, 2)
    finally:
        connection.close()


def _save(port: int, site: Site, person: Any) -> tuple[int, float]:
    started = time.monotonic()
    at = timezone.localtime(timezone.now() - timedelta(minutes=5), site.world.clinic.zone)
    fields = {"key": str(uuid4()), "spasticity": "4", "at": at.strftime("%Y-%m-%dT%H:%M")}
    sent = send(port, person, Sent("log_response", fields["key"]), site.url("log_response"), fields)
    return sent.status, round(time.monotonic() - started, 2)


def _answer(opened: socket.socket) -> str:
    """The first line of what the server says at last; empty where it only ends the connection."""
    opened.settimeout(SECONDS_UNTIL_ENDED)
    try:
        return opened.recv(1000).decode().partition("\r\n")[0]
    except ConnectionError:
        return ""
