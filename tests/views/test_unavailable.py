"""What comes back while the database has trouble: what a page of ours sent, and nothing of another site's."""

import sqlite3
from html import unescape
from re import findall
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from titration.models import Membership, Patient, ResponseScore

TOKEN = "t" * 32
OURS, OTHER = "http://testserver", "https://elsewhere.example"


def refuse(*_: Any) -> None:
    cause = sqlite3.OperationalError("busy")
    cause.sqlite_errorname = "SQLITE_BUSY"
    raise OperationalError("busy") from cause


@pytest.fixture
def trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before any view is looked up, and before the CSRF check."""
    monkeypatch.setattr("titration.sessions.SessionTimeoutMiddleware.__call__", refuse)


@pytest.mark.parametrize(
    ("origin", "token", "is_shown"),
    [
        pytest.param(OURS, TOKEN, True, id="our own form"),
        pytest.param(OTHER, TOKEN, False, id="another site's form"),
        pytest.param(OURS, "", False, id="a form without its token"),
    ],
)
@pytest.mark.usefixtures("trouble")
def test_row_15_only_our_own_form_comes_back_to_be_sent_again(
    patient: Patient, origin: str, token: str, is_shown: bool
) -> None:
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    browser.cookies["csrftoken"] = TOKEN
    fields = {"note": "TYPED", "csrfmiddlewaretoken": token}
    answer = browser.post(reverse("log_response", args=[patient.public_id]), fields, headers={"Origin": origin})
    assert answer.status_code == 503
    assert ("TYPED" in answer.content.decode()) is is_shown


def test_what_is_changed_on_the_way_through_the_page_is_not_called_saved(
    patient: Patient, alice: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Saved, its answer lost; the second attempt meets a busy record, and its form is sent with another score."""
    address = reverse("log_response", args=[patient.public_id])
    browser = Client(raise_request_exception=False)
    browser.force_login(alice.user, backend="titration.membership.MembershipBackend")
    typed = {"key": str(uuid4()), "pain": "4", "at": "2026-11-12T10:00", "note": "Told on the telephone."}
    assert browser.post(address, typed).status_code == 302
    with monkeypatch.context() as busy:
        busy.setattr("titration.sessions.SessionTimeoutMiddleware.__call__", refuse)
        kept = fields_of(browser.post(address, typed).content.decode())
    assert kept == typed
    assert browser.post(address, kept).status_code == 302
    answer = browser.post(address, {**kept, "pain": "6"})
    assert answer.status_code == 409
    assert "What you typed now is not saved" in answer.content.decode()
    assert [row.value for row in ResponseScore.objects.all()] == ["4"]


def fields_of(page: str) -> dict[str, str]:
    found = findall(r'(?s)<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}
