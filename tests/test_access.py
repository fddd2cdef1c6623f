"""Every read, refusal and sign-in leaves its row in the audit; what cannot be recorded is not shown."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.factories import make_patient, make_plan, slow_taper
from tests.refused_audit import refuse_audit_rows
from tests.services.acts import raised_flag
from tests.views.conftest import as_member, clock  # noqa: F401 - fixtures
from titration.access import NOT_ABOUT_A_PATIENT, READS
from titration.models import AuditEvent, Membership, Patient
from titration.services.audit import broken_links

SignIn = Callable[[Membership], Client]


def addresses(resolver: URLResolver | None = None, before: str = "") -> dict[str, str]:
    """name -> pattern of every address, those of included packages too."""
    found: dict[str, str] = {}
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLPattern):
            found[each.name or "unnamed"] = f"{before}{each.pattern}"
        else:
            found |= addresses(each, f"{before}{each.pattern}")
    return found


def told(client: Client, method: str, address: str, **data: Any) -> AuditEvent:
    """The one row that a request left."""
    before = AuditEvent.objects.count()
    getattr(client, method)(address, data)
    (row,) = AuditEvent.objects.order_by("pk")[before:]
    return row


def test_every_address_says_whether_it_shows_a_patient() -> None:
    """A new address without a patient's id stands in titration/access.py: in READS with its action, or in
    NOT_ABOUT_A_PATIENT with the reason.
    """
    without_id = {name for name, pattern in addresses().items() if "patient_id" not in pattern}
    assert without_id == set(READS) | set(NOT_ABOUT_A_PATIENT)
    assert not set(READS) & set(NOT_ABOUT_A_PATIENT)
    assert all(reason.strip() for reason in NOT_ABOUT_A_PATIENT.values())


def test_each_kind_of_page_names_its_object(as_member: SignIn, alice: Membership, patient: Patient) -> None:  # noqa: F811
    client, ids = as_member(alice), [patient.public_id]
    flag, plan = raised_flag(alice, patient), make_plan(alice, patient, slow_taper())
    for name, args, action, kind in (
        ("patient", ids, "patient.read", ""),
        ("kidney", ids, "patient.read", ""),
        ("flag", [*ids, flag.public_id], "flag.read", "flag"),
        ("plan", [*ids, plan.public_id], "plan.read", "plan"),
    ):
        row = told(client, "get", reverse(name, args=args))
        assert (row.action, row.object_type, row.detail["page"]) == (action, kind, name)
        assert (row.actor, row.clinic, row.patient_public_id) == (alice.user, alice.clinic, patient.public_id)
    assert list(broken_links()) == []


def test_lists_say_how_much_and_whom_they_showed(as_member: SignIn, alice: Membership, patient: Patient) -> None:  # noqa: F811
    client = as_member(alice)
    row = told(client, "get", reverse("worklist"))
    assert (row.action, row.detail["show"], row.detail["page_number"]) == ("worklist.read", "all", 1)
    row = told(client, "post", reverse("find_patients"), q="ashd")
    assert (row.action, row.detail["found"]) == ("search.read", [str(patient.public_id)])
    assert "ashd" not in str(row.detail)


def test_another_clinics_id_is_refused_and_not_kept(
    as_member: SignIn,  # noqa: F811
    charlie: Membership,
    patient: Patient,
) -> None:
    row = told(as_member(charlie), "get", reverse("patient", args=[patient.public_id]))
    assert (row.action, row.detail["refusal"], row.clinic) == ("refused", "NotFound", charlie.clinic)
    assert str(patient.public_id) not in f"{row.detail}{row.object_id}{row.patient_public_id}"


def test_a_form_that_cannot_be_read_and_a_missing_token_are_refusals(
    as_member: SignIn,  # noqa: F811
    alice: Membership,
    patient: Patient,
) -> None:
    address = reverse("log_dose", args=[patient.public_id])
    assert told(as_member(alice), "post", address).detail["refusal"] == "Invalid"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice.user, backend="titration.membership.MembershipBackend")
    row = told(strict, "post", address)
    assert (row.action, row.detail["refusal"], row.patient_public_id) == (
        "refused",
        "PermissionRefused",
        patient.public_id,
    )


def test_what_shows_no_patient_leaves_no_row(as_member: SignIn, alice: Membership) -> None:  # noqa: F811
    client = as_member(alice)
    before = AuditEvent.objects.count()
    for name in ("guidance", "new_patient", "statistics"):
        assert client.get(reverse(name)).status_code == 200
    assert Client().get(reverse("worklist")).status_code == 302
    assert AuditEvent.objects.count() == before


def test_a_read_that_cannot_be_recorded_shows_nothing(as_member: SignIn, alice: Membership) -> None:  # noqa: F811
    patient = make_patient(alice, family_name="Canaryname")
    client = as_member(alice)
    refuse_audit_rows()
    for address in (reverse("patient", args=[patient.public_id]), reverse("worklist")):
        with pytest.raises(DatabaseError):
            client.get(address)
    client.raise_request_exception = False
    answer = client.get(reverse("patient", args=[patient.public_id]))
    assert answer.status_code >= 500
    assert b"Canaryname" not in answer.content


def test_who_comes_and_goes_is_recorded(client: Client, alice: Membership) -> None:
    for login, password in (
        (alice.user.email, "correct horse battery"),
        (alice.user.email.upper(), "not the password"),
        ("my-typed-password@clinic.example", "not the password"),
    ):
        client.post(reverse("sign_in"), {"login": login, "password": password})
        client.post(reverse("sign_out"))
    rows = AuditEvent.objects.order_by("-pk")[:4]
    assert [(row.action, row.actor) for row in reversed(rows)] == [
        ("signed_in", alice.user),
        ("signed_out", alice.user),
        ("sign_in_failed", alice.user),
        ("sign_in_failed", None),
    ]
    assert "my-typed-password" not in str([row.detail for row in rows])
