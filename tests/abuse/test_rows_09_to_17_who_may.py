"""Rows 9 to 15 and 17: who may see and do what, over every address there is."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.addresses import NOT_ALLOWED, NOT_FOUND, OK, ROWS, SCOPED, SEE_OTHER
from tests.factories import NOW, TODAY, make_patient
from tests.house import House, expected, send, signed_in
from tests.test_access import addresses
from titration.exports import FORMATS
from titration.models import Membership, Patient, RegimenChange, SedationReport, User

SignIn = Callable[[Membership], Client]
REFUSED_TARGETS = ("TRACE", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "PROPFIND", "NONSENSE")
OWN_KEYS = {"mfa_remove_webauthn"}  # counts passkeys, and opens one's own alone
BACKEND = "titration.membership.MembershipBackend"


def written() -> dict[str, list[Any]]:
    """Every row of ours but those that count looks and visits: the audit, sessions, the counters of sign-in."""
    counting = {"AuditEvent", "Session", "SharedValue"}
    models = [each for each in apps.get_app_config("titration").get_models() if each.__name__ not in counting]
    return {model.__name__: list(model._default_manager.order_by("pk").values_list()) for model in models}


def dose(**changes: Any) -> dict[str, Any]:
    usual = {"starts_on": TODAY, "morning": 20, "midday": 20, "evening": 15, "bedtime": 0, "reason": "other"}
    return {**usual, "key": uuid4(), **changes}


def test_row_09_every_address_sends_a_visitor_to_sign_in(house: House) -> None:
    closed = [name for name, row in ROWS.items() if not row.public]
    assert len(closed) > 40
    for name in closed:
        answer = house.visitor.get(house.address(name))
        assert (name, answer.status_code) == (name, SEE_OTHER)
        assert answer.url.startswith(reverse("sign_in")), name


def test_row_10_another_clinics_ids_are_as_unknown_as_any(house: House) -> None:
    for name, row in SCOPED.items():
        method = "GET" if row.get != NOT_ALLOWED else "POST"
        theirs = send(house.stranger, method, house.address(name))
        unknown = send(house.stranger, method, house.address(name, patient_id=uuid4()))
        assert (name, theirs.status_code, unknown.status_code) == (name, NOT_FOUND, NOT_FOUND)
        assert theirs.content == unknown.content, name


def test_row_11_an_own_patient_opens_nothing_of_another(house: House, alice: Membership) -> None:
    """The patient of the address is one's own; the step, plan, report or flag belongs to another."""
    client, other = signed_in(alice), make_patient(alice).public_id
    children = [name for name, row in SCOPED.items() if any(each.endswith("_id") for each in row.ids[1:])]
    assert len(children) > 10
    for name in children:
        method = "GET" if ROWS[name].get != NOT_ALLOWED else "POST"
        assert (name, send(client, method, house.address(name, patient_id=other)).status_code) == (name, NOT_FOUND)


def test_row_12_exports_charts_search_and_audit_hold_the_same_line(
    house: House, charlie: Membership, patient: Patient
) -> None:
    """Each format, the data of the chart, the search and the audit of another clinic."""
    charlie.is_clinic_admin = True
    charlie.save()
    for name in FORMATS:
        variant, suffix = name.split(".")
        answer = house.stranger.get(house.address("plan_export", variant=variant, suffix=suffix))
        assert (name, answer.status_code) == (name, NOT_FOUND)
    assert b"chart-data" not in house.stranger.get(house.address("patient")).content
    for typed in ("Ashdown", patient.identifier, patient.birth_date.isoformat()):
        found = house.stranger.post(reverse("find_patients"), {"q": typed})
        assert (found.status_code, b"Margaret" in found.content) == (OK, False)
    for address in (reverse("audit"), reverse("audit_export")):
        shown = house.stranger.get(f"{address}?patient={patient.public_id}").content.decode()
        assert patient.identifier not in shown
        assert "Alice Ames" not in shown


def test_row_13_what_no_form_asks_for_is_not_taken(
    as_member: SignIn, alice: Membership, charlie: Membership, patient: Patient
) -> None:
    smuggled = {
        "clinic": charlie.clinic_id, "clinic_id": charlie.clinic_id, "recorded_by": charlie.user_id,
        "recorded_by_id": charlie.user_id, "recorded_at": "2001-01-01", "status": "entered_in_error", "id": 1,
        "public_id": str(uuid4()), "is_staff": "on", "is_superuser": "on", "role": "clinician",
        "is_clinic_admin": "on", "as_told": "on", "patient": 99, "superseded_by": 1,
    }  # fmt: skip
    client = as_member(alice)
    assert client.post(reverse("log_dose", args=[patient.public_id]), {**dose(), **smuggled}).status_code == SEE_OTHER
    row = RegimenChange.objects.get(as_told=False)
    assert (row.patient, row.recorded_by, row.status, row.recorded_at) == (patient, alice.user, "current", NOW)
    details = {
        "family_name": "New", "given_name": "Name", "birth_date": "1970-01-01", "identifier": "SP-N1", "sex": "unknown",
        "indication": "ms_spinal_spasticity", "pump": "unknown",
        "key": uuid4(), "version": patient.version, "exposure_months": "24",
    }  # fmt: skip
    answer = client.post(reverse("patient_details", args=[patient.public_id]), {**details, **smuggled})
    assert answer.status_code in (SEE_OTHER, 422)
    assert Patient.objects.get(pk=patient.pk).clinic_id == alice.clinic_id
    user = User.objects.get(pk=alice.user_id)
    assert (user.is_superuser, Membership.objects.get(pk=alice.pk).is_clinic_admin) == (False, False)


def test_row_14_looking_changes_nothing_and_strange_methods_are_refused(house: House, alice: Membership) -> None:
    client, before = signed_in(alice), written()
    for name, row in ROWS.items():
        for method in ("GET", "HEAD"):
            with CaptureQueriesContext(connection) as asked:
                answer = send(client, method, house.address(name))
            assert answer.status_code == expected(row, method) or row.who, name
            changing = [each["sql"] for each in asked if each["sql"].split()[0] in ("UPDATE", "DELETE")]
            assert [sql for sql in changing if "session" not in sql and "sharedvalue" not in sql] == [], name
    assert written() == before
    for method in REFUSED_TARGETS:
        for name in ("patient", "log_dose", "worklist", "sign_in"):
            assert (method, send(client, method, house.address(name)).status_code) == (method, NOT_ALLOWED)


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Target": "log"}], ids=["form", "htmx"])
@pytest.mark.parametrize("token", ["", "A" * 64], ids=["no token", "a foreign token"])
def test_row_15_a_form_without_our_token_writes_nothing(
    headers: dict[str, str], token: str, alice: Membership, patient: Patient
) -> None:
    client, before = Client(enforce_csrf_checks=True), RegimenChange.objects.count()
    client.force_login(alice.user, backend=BACKEND)
    client.get(reverse("patient", args=[patient.public_id]))
    typed = {**dose(), "csrfmiddlewaretoken": token}
    answer = client.post(reverse("log_dose", args=[patient.public_id]), typed, headers=headers)
    assert answer.status_code == 403
    assert RegimenChange.objects.count() == before
    assert b"Ashdown" not in answer.content


def test_row_17_ids_in_addresses_are_random(house: House, alice: Membership, patient: Patient) -> None:
    """No address takes a number; each id is a random one and says nothing of how many there are."""
    patterns = addresses()
    numbered = {name for name, pattern in patterns.items() if re.search(r"<int:|\(\?P<(pk|id)>", pattern)}
    assert numbered <= OWN_KEYS
    assert all(UUID(str(each)).version == 4 for each in _ids(house))
    assert SedationReport._meta.get_field("public_id").unique
    shown = signed_in(alice).get(reverse("patient", args=[patient.public_id])).content.decode()
    assert re.findall(r'(?:href|action)="[^"]*/\d+/[^"]*"', shown) == []


def _ids(house: House) -> Iterator[Any]:
    yield from (value for name, value in house.ids.items() if name.endswith("_id"))
