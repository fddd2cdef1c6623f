"""Rows 42 and 43: too much, too deep, unprintable. Refused at once, alike on both databases."""

import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from tests.factories import TODAY
from titration.fields import LineField, NoteField
from titration.models import AuditEvent, Membership, Patient, RegimenChange

SignIn = Callable[[Membership], Client]
AT_ONCE_SECONDS = 2
BODY_BYTES = 30_000_000
DEEP = "[" * 200_000 + "]" * 200_000


def timed(ask: Callable[[], Any]) -> tuple[int, float]:
    started = time.perf_counter()
    return ask().status_code, time.perf_counter() - started


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"])
def test_row_42_thirty_megabytes_are_refused_unread(
    kind: str, as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    client, body = as_member(alice), b"a=" + b"x" * BODY_BYTES
    for name in ("log_dose", "preview_dose", "history_import"):
        address = reverse(name, args=[patient.public_id])
        status, seconds = timed(lambda address=address: client.generic("POST", address, body, content_type=kind))
        assert (name, status) == (name, 413)
        assert seconds < AT_ONCE_SECONDS


def test_row_42_ten_thousand_fields_are_refused(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    client = as_member(alice)
    body = "&".join(f"field{number}=1" for number in range(10_000))
    address = reverse("log_dose", args=[patient.public_id])
    ask = lambda: client.generic("POST", address, body, content_type="application/x-www-form-urlencoded")  # noqa: E731
    status, seconds = timed(ask)
    assert status == 400
    assert seconds < AT_ONCE_SECONDS
    assert RegimenChange.objects.filter(as_told=False).count() == 0


@pytest.mark.parametrize("name", ["log_dose", "preview_dose", "plan_draw", "find_patients"])
def test_row_42_deep_json_is_no_form(name: str, as_member: SignIn, alice: Membership, patient: Patient) -> None:
    client = as_member(alice)
    address = reverse(name, args=[] if name == "find_patients" else [patient.public_id])
    status, seconds = timed(lambda: client.generic("POST", address, DEEP, content_type="application/json"))
    assert status in (200, 400, 413, 415, 422)
    assert seconds < AT_ONCE_SECONDS * 2
    assert RegimenChange.objects.filter(as_told=False).count() == 0


TYPED = {
    "log_dose": {"starts_on": TODAY, "morning": 20, "midday": 20, "evening": 15, "bedtime": 0, "reason": "other"},
    "log_response": {"spasticity": 4, "at": "2026-11-13 08:00"},
    "log_sedation": {"grade": 1, "at": "2026-11-13 08:00"},
    "reviews": {"due_on": TODAY, "how": "clinic"},
    "kidney": {"egfr": 60, "on": TODAY},
}
TEXTS = {"log_dose": "note", "log_response": "note", "log_sedation": "note", "reviews": "purpose", "kidney": "egfr"}


@pytest.mark.parametrize("hostile", ["a\x00b", "x" * 5000], ids=["NUL", "over-long"])
@pytest.mark.parametrize("name", TYPED)
def test_row_43_is_refused_by_the_form(
    name: str, hostile: str, as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    typed = {**TYPED[name], "key": uuid4(), TEXTS[name]: hostile}
    answer = as_member(alice).post(reverse(name, args=[patient.public_id]), typed)
    assert answer.status_code == 422
    assert AuditEvent.objects.latest("pk").action == "refused"


@pytest.mark.parametrize("typed", ["a\x00b", "x" * 100_000, "\ud800".encode("utf-8", "replace").decode(), "%00"])
def test_row_43_a_search_is_answered_whatever_is_typed(typed: str, as_member: SignIn, alice: Membership) -> None:
    assert as_member(alice).post(reverse("find_patients"), {"q": typed}).status_code == 200


@pytest.mark.parametrize("address", ["/?show=%00", "/?page=%00", "/audit/?patient=%00", "/guidance/%00/", "/%00"])
def test_row_43_nor_does_an_address_break(address: str, as_member: SignIn, alice: Membership) -> None:
    alice.is_clinic_admin = True
    alice.save()
    assert as_member(alice).get(address).status_code in (200, 400, 404)


def test_row_43_every_text_column_refuses_it_whoever_writes() -> None:
    """A column of ours holds the length and refuses NUL on both databases; no other text column stands in a model."""
    ours = (LineField, NoteField)
    known = {"EmailField", "UUIDField", "JSONField"}
    others = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("titration").get_models()
        for field in model._meta.local_fields
        if field.get_internal_type() in ("CharField", "TextField") and not isinstance(field, ours)
        and type(field).__name__ not in known
    ]  # fmt: skip
    assert [name for name in others if name not in ALLOWED_PLAIN] == []


# Django's own columns, and codes of our own making: no form fills them.
ALLOWED_PLAIN = {"User.password", "Session.session_key", "Session.session_data", "Flag.fingerprint"} | {
    "SharedValue.cache_key",
    "SharedValue.value",
}
