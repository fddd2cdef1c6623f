"""The audit's page and file: for administrators of the clinic alone, with identifiers and without a patient's name."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import NOW, TODAY, change_dose, make_patient, regimen
from tests.services.acts import ACTS
from tests.test_access import addresses
from titration.access import REFUSALS as PAGE_REFUSALS
from titration.domain.errors import DomainError
from titration.forms.audit_pages import PAGES, REFUSALS
from titration.forms.audit_words import ACTIONS, action_words, detail_words, told_words
from titration.models import AuditEvent, Clinic, Membership, Patient
from titration.services.audit import record_event

SignIn = Callable[[Membership], Client]


def page(client: Client, query: str = "") -> str:
    answer = client.get(f"{reverse('audit')}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def filtered(client: Client, **fields: Any) -> str:
    """What a filter shows, reached as a browser does: sent as a form, followed to its address."""
    answer = client.post(reverse("audit"), fields)
    assert answer.status_code == 302, answer.content.decode()
    return page(client, f"?{answer.url.partition('?')[2]}")


def exported(client: Client, query: str = "") -> list[dict[str, str]]:
    text = client.get(f"{reverse('audit_export')}{query}").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def person_value(client: Client, name: str) -> str:
    return next(value for value, words in client.get(reverse("audit")).context["form"]["person"].field.choices
                if words == name)  # fmt: skip


def count_rows(shown: str) -> int:
    return shown.count('class="c-when')


def test_shows_identifiers_and_no_name(as_member: SignIn, ada: Membership, alice: Membership) -> None:
    patient = make_patient(alice, family_name="Canaryname", given_name="Canarygiven")
    as_member(alice).get(reverse("patient", args=[patient.public_id]))
    as_member(alice).post(reverse("find_patients"), {"q": "canaryn"})
    shown = page(as_member(ada))
    assert patient.identifier in shown
    assert "Looked at a patient" in shown
    assert f"found: {patient.identifier}" in shown
    assert "anaryname" not in shown
    assert "anarygiven" not in shown


def test_filters_by_person_action_patient_and_days(
    as_member: SignIn, ada: Membership, alice: Membership, nina: Membership, patient: Patient
) -> None:
    other = make_patient(alice)
    for member, seen in ((alice, patient), (nina, patient), (nina, other)):
        as_member(member).get(reverse("patient", args=[seen.public_id]))
    admin = as_member(ada)
    of_nina = filtered(admin, person=person_value(admin, "Nina Nash"), action="patient.read")
    assert count_rows(of_nina) == 2
    assert count_rows(filtered(admin, action="patient.read", patient=patient.identifier)) == 2
    assert count_rows(filtered(admin, action="patient.read", first_on=TODAY.isoformat())) == 3
    assert "Nothing was done" in filtered(admin, last_on=(TODAY - timedelta(days=1)).isoformat())


def test_the_patients_identifier_stands_in_no_address(as_member: SignIn, ada: Membership, patient: Patient) -> None:
    answer = as_member(ada).post(reverse("audit"), {"patient": patient.identifier})
    assert patient.identifier not in answer.url
    assert f"patient={patient.public_id}" in answer.url


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"patient": "SP-none"}, "No patient of this clinic has this identifier."),
        ({"first_on": "02/03/2026"}, "Write the date as year-month-day"),
        ({"first_on": "2026-11-13", "last_on": "2026-11-12"}, "the end is before the beginning"),
        ({"action": "x' OR 1=1"}, "Select a valid choice"),
    ],
)
def test_a_filter_that_cannot_be_read_says_why(
    fields: dict[str, str], sentence: str, as_member: SignIn, ada: Membership
) -> None:
    answer = as_member(ada).post(reverse("audit"), fields)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_an_address_asks_only_by_the_allow_list(as_member: SignIn, ada: Membership, patient: Patient) -> None:
    everything = count_rows(page(as_member(ada)))
    for query in (
        "?action=x'--",
        "?patient=1%27",
        "?after=zz",
        "?person=1",
        "?first_on=1.1.2026",
        "?after=" + "f" * 64,
    ):
        shown = page(as_member(ada), query)
        assert count_rows(shown) >= everything or "after=" in query


def test_pages_by_a_cursor_that_new_rows_do_not_move(as_member: SignIn, ada: Membership, patient: Patient) -> None:
    for number in range(60):
        record_event(clinic=ada.clinic, actor=ada, action="patient.read", detail={"number": number}, now=NOW)
    client = as_member(ada)
    first = client.get(f"{reverse('audit')}?action=patient.read")
    assert count_rows(first.content.decode()) == 50
    record_event(clinic=ada.clinic, actor=ada, action="patient.read", detail={"number": 999}, now=NOW)
    second = client.get(reverse("audit") + first.context["older"]).content.decode()
    assert count_rows(second) == 10
    assert "number: 9<" in second
    assert "number: 10<" not in second
    assert "Newest" in second


def test_another_clinics_rows_do_not_exist(
    as_member: SignIn, ada: Membership, charlie: Membership, other_patient: Patient, other_clinic: Clinic
) -> None:
    as_member(charlie).get(reverse("patient", args=[other_patient.public_id]))
    theirs = AuditEvent.objects.filter(clinic=other_clinic).latest("pk")
    client = as_member(ada)
    for query in ("", f"?after={theirs.digest}", f"?patient={other_patient.public_id}"):
        assert "Charlie Chase" not in page(client, query)
        assert other_patient.identifier not in page(client, query)
    assert {row["person"] for row in exported(client)}.isdisjoint({"Charlie Chase"})
    assert as_member(ada).post(reverse("audit"), {"patient": other_patient.identifier}).status_code == 422


def test_the_file_holds_the_filter_and_is_recorded(
    as_member: SignIn, ada: Membership, alice: Membership, patient: Patient
) -> None:
    change_dose(alice, patient, regimen(20, 20, 15))
    rows = exported(as_member(ada), "?action=dose.changed")
    assert [(row["person"], row["patient_identifier"]) for row in rows] == [("Alice Ames", patient.identifier)]
    last = AuditEvent.objects.latest("pk")
    assert (last.action, last.actor, last.detail["action"], last.detail["rows"]) == (
        "audit.exported",
        ada.user,
        "dose.changed",
        1,
    )


def test_cells_of_the_file_are_no_formulas(as_member: SignIn, ada: Membership, alice: Membership) -> None:
    alice.user.full_name = "=cmd|'/c calc'!A1"
    alice.user.save()
    make_patient(alice, identifier="+SP-1")
    row = next(row for row in exported(as_member(ada)) if row["action"] == "patient.registered")
    assert (row["person"], row["patient_identifier"]) == ("'=cmd|'/c calc'!A1", "'+SP-1")


def test_more_rows_than_a_file_holds_are_refused_and_never_cut(
    as_member: SignIn, ada: Membership, patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("titration.selectors.audit.MOST_EXPORTED", 1)
    make_patient(ada.clinic.memberships.get(role="clinician"))
    answer = as_member(ada).get(reverse("audit_export"))
    assert answer.status_code == 422
    assert "Choose fewer days" in answer.content.decode()


def test_looking_at_the_audit_is_in_the_audit(as_member: SignIn, ada: Membership) -> None:
    page(as_member(ada))
    assert AuditEvent.objects.latest("pk").action == "audit.read"


@pytest.mark.parametrize("name", ["audit", "audit_export"])
def test_others_read_who_may_and_leave_a_row(name: str, as_member: SignIn, alice: Membership) -> None:
    answer = as_member(alice).get(reverse(name))
    assert answer.status_code == 403
    assert "Only an administrator of this clinic reads the audit." in answer.content.decode()
    assert AuditEvent.objects.latest("pk").action == "refused"


def test_the_menu_leads_an_administrator_there(as_member: SignIn, ada: Membership, alice: Membership) -> None:
    link = f'href="{reverse("audit")}"'
    assert link in as_member(ada).get("/").content.decode()
    assert link not in as_member(alice).get("/").content.decode()


def test_takes_few_queries_whatever_the_length(
    as_member: SignIn, ada: Membership, alice: Membership, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client = as_member(ada)
    for _ in range(30):
        as_member(alice).get(reverse("patient", args=[make_patient(alice).public_id]))
    with django_assert_max_num_queries(12):
        page(client)


def test_every_act_has_its_words() -> None:
    """A new action: one line in titration/forms/audit_words.py."""
    assert [action for action in ACTS if action not in ACTIONS] == []
    assert action_words("kidney.looked_at") == "Kidney: looked at"
    assert detail_words({"page": "kidney", "backdated": True, "answer": "", "codes": ["a", "b"]}) == (
        "page: kidney, backdated: yes, codes: a b"
    )


def test_every_page_has_its_words() -> None:
    """A new address: one line in titration/forms/audit_pages.py."""
    assert set(PAGES) == set(addresses())
    assert [words for words in PAGES.values() if "_" in words or not words.strip()] == []


def test_every_refusal_has_its_words() -> None:
    known = {kind.__name__ for kind in every_refusal(DomainError)} | set(PAGE_REFUSALS.values())
    assert set(REFUSALS) == known


def every_refusal(kind: type[DomainError]) -> set[type[DomainError]]:
    """Those that may leave the module they are raised in."""
    below = {each for child in kind.__subclasses__() for each in every_refusal(child)}
    return {each for each in {kind, *below} if each.__module__.startswith("titration.") and each.__name__[0] != "_"}


def test_a_page_is_named_in_words_and_its_code_stays_in_the_file(
    as_member: SignIn, ada: Membership, bob: Membership, patient: Patient
) -> None:
    as_member(bob).get(reverse("patient", args=[patient.public_id]))
    as_member(bob).post(reverse("log_dose", args=[patient.public_id]), {})
    admin = as_member(ada)
    shown = page(admin)
    assert "page: patient page<" in shown
    assert "page: form for a dose change, why: this role may not do it" in shown
    assert "log_dose" not in shown
    refused = next(row for row in exported(admin) if row["action"] == "refused")
    assert (refused["action_in_words"], "page: log_dose" in refused["detail"]) == ("Was refused", True)
    assert "page: form for a dose change" in refused["detail_in_words"]


def test_what_no_table_knows_is_told_as_it_was_recorded() -> None:
    told = told_words({"page": "of_an_older_version", "refusal": "Unheard", "daily_mcg": 62_500, "how": "telephone"})
    assert told == "page: of_an_older_version, why: Unheard, daily dose: 62.5\u00a0mg/day, how: telephone"
