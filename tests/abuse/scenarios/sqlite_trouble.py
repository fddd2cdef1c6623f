"""A file that another process holds for eight seconds, and one that may not grow any more."""

import sqlite3
import threading
import time
from html import unescape
from re import findall
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test import Client

from tests.abuse.scratch_site import HTTPS, Site
from titration.models import AuditEvent, ResponseScore, SubmissionKey
from titration.services.audit import broken_links

NOTE = "CANARY <b>typed</b> & kept"
LOCKED_SECONDS = 8


def scenario(site: Site) -> dict[str, Any]:
    told = {"locked": _locked(site), "full": _full(site)}
    site.get("patient")
    reads = AuditEvent.objects.filter(action="patient.read").order_by("pk")
    late = [event.detail.get("late", False) for event in reads]
    return {**told, "late": late, "breaks": sum(1 for _ in broken_links())}


def _score(note: str = NOTE) -> dict[str, str]:
    return {"key": str(uuid4()), "spasticity": "4", "at": "2026-01-02T10:00", "note": note}


def _locked(site: Site) -> dict[str, Any]:
    holder = sqlite3.connect(connection.settings_dict["NAME"], check_same_thread=False, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    held_since = time.monotonic()
    reads: list[int] = []
    reader = threading.Thread(target=lambda: reads.append(_read_by_another_worker(site)))
    reader.start()
    fields, started = _score(), time.monotonic()
    refused = site.post("log_response", fields)
    waited = time.monotonic() - started
    reader.join()
    time.sleep(max(LOCKED_SECONDS - (time.monotonic() - held_since), 0))
    holder.rollback()
    read = reads[0]
    return {"waited": waited, "read": read, **_told(refused), **_sent_again(site, refused, fields)}


def _read_by_another_worker(site: Site) -> int:
    browser = Client(raise_request_exception=False)
    browser.cookies = site.client.cookies
    try:
        return browser.get(site.url("patient"), headers=HTTPS).status_code
    finally:
        connection.close()


def _full(site: Site) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count={cursor.fetchone()[0]}")
    refused, fields = _fill(site)
    read = site.get("patient").status_code
    htmx = site.post("log_response", fields, hx_request="true")
    static = site.client.get("/static/css/tokens.css", headers=HTTPS)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count=1000000")
    return {
        "read": read,
        "static": static.status_code,
        "htmx": [htmx.status_code, htmx.headers["Retry-After"], htmx.headers["Content-Type"], htmx.content.decode()],
        **_told(refused),
        **_sent_again(site, refused, fields),
    }


def _fill(site: Site) -> tuple[Any, dict[str, str]]:
    """Entries until one does not fit."""
    for _ in range(200):
        fields = _score(NOTE + "x" * 900)
        answer = site.post("log_response", fields)
        if answer.status_code != 302:
            return answer, fields
    raise AssertionError("the file never filled up")


def _told(refused: Any) -> dict[str, Any]:
    page = refused.content.decode()
    return {"status": refused.status_code, "retry_after": refused.headers.get("Retry-After"),
            "shows_note": "CANARY &lt;b&gt;typed&lt;/b&gt; &amp; kept" in page,
            "headers": {name: refused.headers.get(name) for name in ("Cache-Control", "X-Frame-Options",
                        "Strict-Transport-Security", "Content-Security-Policy", "Referrer-Policy")}}  # fmt: skip


def _sent_again(site: Site, refused: Any, fields: dict[str, str]) -> dict[str, Any]:
    """The form of the page as it stands, sent twice."""
    kept = {name: unescape(value) for name, value in findall(HIDDEN, refused.content.decode())}
    kept.pop("csrfmiddlewaretoken")
    answers = [site.post("log_response", kept).status_code for _ in range(2)]
    claims = SubmissionKey.objects.filter(key=fields["key"])
    ids = [row_id for claim in claims for _, row_id, _ in claim.rows]
    return {
        "same_fields": kept == fields,
        "again": answers,
        "rows": ResponseScore.objects.filter(public_id__in=ids).count(),
        "audited": AuditEvent.objects.filter(object_id__in=ids, action="scores.recorded").count(),
    }


HIDDEN = r'(?s)<input type="hidden" name="([^"]+)" value="([^"]*)">'
