"""For eight seconds somebody else holds one patient's row (on SQLite: the record's one place to write) while twenty
people save for that patient and ten ask for its page, on the real server. How do the others fare?
"""

import http.client
import sqlite3
import statistics
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import psycopg
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from tests.abuse.scratch_site import Site
from titration.demo.server import listen_on_a_free_port, serving
from titration.models import AuditEvent, Patient, ResponseScore
from titration.services.audit import broken_links
from titration.serving import HOST, port_of

HELD_SECONDS = 8
SAVING, READING = 20, 10
TYPED = "typed words"


def scenario(site: Site) -> dict[str, Any]:
    locked, other = site.world.shared[:2]
    listening = listen_on_a_free_port()
    with serving(listening):
        door = _Door(port_of(listening), site.world.people[0], site.world.clinic)
        for patient in (locked, other):
            door.page(patient), door.save(patient)
        with ThreadPoolExecutor(SAVING + READING) as crowd, _held(locked):
            saves = [crowd.submit(door.save, locked) for _ in range(SAVING)]
            reads = [crowd.submit(door.page, locked) for _ in range(READING)]
            pages, others = _meanwhile(door, other)
            told = {
                "saves": [each.result() for each in saves],
                "reads": [each.result() for each in reads],
                "pages": pages,
                "others": others,
                "page_p95": statistics.quantiles([took for _, took, _ in pages], n=20)[-1],
            }
        told["afterwards"] = door.save(locked)[0]
    told["stored"] = ResponseScore.objects.filter(patient=locked).count()
    told["audited"] = AuditEvent.objects.filter(action="scores.recorded", patient_public_id=locked.public_id).count()
    told["breaks"] = sum(1 for _ in broken_links())
    return told


def _meanwhile(door: "_Door", other: Patient) -> tuple[list[Any], list[Any]]:
    time.sleep(0.3)
    until = time.monotonic() + HELD_SECONDS - 2
    pages, saves = [], []
    while time.monotonic() < until:
        pages.append(door.page(other))
        if connection.vendor == "postgresql":
            saves.append(door.save(other))
        time.sleep(0.1)
    return pages, saves


@contextmanager
def _held(patient: Patient) -> Iterator[None]:
    """By a connection of its own, let go after HELD_SECONDS."""
    with closing(_hold(patient)) as holder:
        letting_go = threading.Timer(HELD_SECONDS, holder.rollback)
        letting_go.start()
        yield
        letting_go.join()


def _hold(patient: Patient) -> Any:
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        holder = sqlite3.connect(given["NAME"], check_same_thread=False, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        return holder
    row = psycopg.connect(
        host=given["HOST"], port=given["PORT"], user=given["USER"], password=given["PASSWORD"], dbname=given["NAME"]
    )
    row.execute("SELECT 1 FROM titration_patient WHERE id = %s FOR UPDATE", [patient.pk])
    return row


class _Door:
    """A browser that is signed in; each answer is (status, seconds, whether what was typed came back)."""

    def __init__(self, port: int, person: Any, clinic: Any) -> None:
        self.port, self.person, self.clinic = port, person, clinic

    def page(self, patient: Patient) -> tuple[int, float, bool]:
        return self._asked("GET", reverse("patient", args=[patient.public_id]))

    def save(self, patient: Patient) -> tuple[int, float, bool]:
        at = timezone.localtime(timezone.now() - timedelta(minutes=5), self.clinic.zone)
        fields = {"key": str(uuid4()), "spasticity": "4", "at": at.strftime("%Y-%m-%dT%H:%M"), "note": TYPED}
        return self._asked("POST", reverse("log_response", args=[patient.public_id]), urlencode(fields))

    def _asked(self, method: str, path: str, body: str | None = None) -> tuple[int, float, bool]:
        started = time.monotonic()
        asking = http.client.HTTPConnection(HOST, self.port, timeout=60)
        try:
            asking.request(method, path, body, self._headers(body))
            answer = asking.getresponse()
            page = answer.read().decode()
            return answer.status, round(time.monotonic() - started, 2), TYPED in page
        finally:
            asking.close()

    def _headers(self, body: str | None) -> dict[str, str]:
        form = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": self.person.csrf} if body else {}
        return {
            "Host": "127.0.0.1",
            "X-Forwarded-Proto": "https",
            "Origin": "https://127.0.0.1",
            "Cookie": self.person.cookies,
            **form,
        }
