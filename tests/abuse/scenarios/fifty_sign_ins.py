"""Fifty people sign in at once on the real server, two workers, with production's password hashing."""

import http.client
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.hashers import make_password

from tests.abuse.scratch_site import Site
from titration.bench.memory import resident_bytes
from titration.demo.server import Server, listen_on_a_free_port, serving
from titration.models import AuditEvent, Membership, Role, User
from titration.services.audit import broken_links
from titration.serving import HOST, port_of

PEOPLE = 50
PASSWORD = "pale-green-orchard-17"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
HEADERS = {"X-Forwarded-Proto": "https", "Host": "127.0.0.1", "Referer": "https://127.0.0.1/"}
WARMING = 4


def scenario(site: Site) -> dict[str, Any]:
    emails = _people(site)
    listening = listen_on_a_free_port()
    port = port_of(listening)
    with serving(listening) as server:
        for _ in range(WARMING):
            _sign_in(port, "nobody@example.org")
        before, peak = resident_bytes(server), _Peak(server)
        started = time.monotonic()
        with peak, ThreadPoolExecutor(PEOPLE) as crowd:
            told = list(crowd.map(lambda email: _sign_in(port, email), emails))
        took = time.monotonic() - started
    return {
        "in": sum(status == 302 for status, _ in told),
        "seconds": round(took, 2),
        "slowest": round(max(seconds for _, seconds in told), 2),
        "before_mb": before // 1_000_000,
        "peak_mb": peak.highest // 1_000_000,
        "audited": AuditEvent.objects.filter(action="signed_in").count(),
        "breaks": sum(1 for _ in broken_links()),
    }


def _people(site: Site) -> list[str]:
    hashed = make_password(PASSWORD)
    emails = [f"crowd.{number}@example.org" for number in range(PEOPLE)]
    users = User.objects.bulk_create(User(email=email, full_name="Crowd", password=hashed) for email in emails)
    clinic = site.world.clinic
    Membership.objects.bulk_create(Membership(user=user, clinic=clinic, role=Role.NURSE) for user in users)
    return emails


def _sign_in(port: int, email: str) -> tuple[int, float]:
    started = time.monotonic()
    connection = http.client.HTTPConnection(HOST, port, timeout=120)
    connection.request("GET", "/sign-in/", headers=HEADERS)
    page = connection.getresponse()
    token = TOKEN.search(page.read().decode())
    assert token is not None
    cookie = "; ".join(value.split(";")[0] for name, value in page.getheaders() if name.lower() == "set-cookie")
    body = urlencode({"csrfmiddlewaretoken": token[1], "login": email, "password": PASSWORD})
    form = {**HEADERS, "Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/sign-in/", body, form)
    answer = connection.getresponse()
    answer.read()
    return answer.status, time.monotonic() - started


class _Peak:
    """Watches the server's memory meanwhile."""

    def __init__(self, server: Server) -> None:
        self.server, self.highest, self._over = server, 0, threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.05):
            self.highest = max(self.highest, resident_bytes(self.server))
