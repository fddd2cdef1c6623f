"""What comes back while the database has trouble: what a page of ours sent, and nothing of another site's."""

import sqlite3
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from titration.models import Patient

TOKEN = "t" * 32
OURS, OTHER = "http://testserver", "https://elsewhere.example"


@pytest.fixture
def trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before any view is looked up, and before the CSRF check."""

    def refuse(*_: Any) -> None:
        cause = sqlite3.OperationalError("busy")
        cause.sqlite_errorname = "SQLITE_BUSY"
        raise OperationalError("busy") from cause

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
