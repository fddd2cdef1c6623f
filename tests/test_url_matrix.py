"""Every address against everybody: a visitor, another clinic, a reader; with every method a browser may send.

An address without its row fails the first test, so that none is added without saying who may use it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from tests.factories import NOW, TODAY, make_member, make_plan, make_template, slow_taper
from tests.services.acts import imported_history
from titration.domain.record import IntakeKind
from titration.models import Flag, Membership, Patient
from titration.services.conditions import record_condition
from titration.services.drafts import IntakeDraft
from titration.services.intake import record_intake
from titration.services.people import invitation_token, invite
from titration.services.reviews import plan_review
from titration.services.week_papers import ask_for_week

OK, SEE_OTHER, FORBIDDEN, NOT_FOUND, NOT_ALLOWED, UNREADABLE = 200, 302, 403, 404, 405, 422
SIGN_IN = "sign_in"


PRESCRIBING = frozenset({"clinician"})
DRAFTING = frozenset({"clinician", "pharmacist"})
LOGGING = frozenset({"clinician", "nurse", "pharmacist"})
RUNNING = frozenset({"admin"})
NOBODY = frozenset[str]()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """ids: what stands in the address. get, post: what a reader of the clinic gets; 405: it is no method of the page.

    who: the roles that a 403 is not for; they get `seen`, and `done` for a form that is sent empty. public: open to
    visitors. own: a person's own account, whoever they work for.
    """

    ids: tuple[str, ...] = ("patient_id",)
    get: int = OK
    post: int = NOT_ALLOWED
    who: frozenset[str] = NOBODY
    seen: int = OK
    done: int = UNREADABLE
    public: bool = False
    own: bool = False

    @property
    def is_scoped(self) -> bool:
        return "patient_id" in self.ids


PLAN = ("patient_id", "plan_id")
FLAG = ("patient_id", "flag_id")
FACT = ("patient_id", "fact_id")
ROWS = {
    "sign_in": Row(ids=(), get=SEE_OTHER, post=SEE_OTHER, public=True),
    "sign_out": Row(ids=(), get=NOT_ALLOWED, post=SEE_OTHER, public=True),
    "worklist": Row(ids=()),
    "find_patients": Row(ids=(), post=OK),
    "guidance": Row(ids=()),
    "rule": Row(ids=("code",)),
    "new_patient": Row(ids=(), post=FORBIDDEN, who=LOGGING),
    "patient": Row(),
    "patient_details": Row(post=FORBIDDEN, who=LOGGING),
    "conditions": Row(post=FORBIDDEN, who=LOGGING),
    "condition_end": Row(ids=FACT, get=NOT_ALLOWED, post=FORBIDDEN, who=LOGGING),
    "medicines": Row(post=FORBIDDEN, who=LOGGING),
    "medicine_end": Row(ids=FACT, get=NOT_ALLOWED, post=FORBIDDEN, who=LOGGING, done=NOT_FOUND),
    "kidney": Row(post=FORBIDDEN, who=LOGGING),
    "interruptions": Row(post=FORBIDDEN, who=LOGGING),
    "interruption_note": Row(ids=FACT, get=NOT_ALLOWED, post=FORBIDDEN, who=LOGGING, done=NOT_FOUND),
    "supply": Row(post=FORBIDDEN, who=LOGGING),
    "hand_over": Row(post=UNREADABLE),
    "reviews": Row(post=FORBIDDEN, who=LOGGING),
    "review_done": Row(ids=("patient_id", "review_id"), get=NOT_ALLOWED, post=FORBIDDEN, who=LOGGING),
    "review_in_error": Row(ids=("patient_id", "review_id"), get=NOT_ALLOWED, post=FORBIDDEN, who=LOGGING),
    "symptoms": Row(),
    "symptom_end": Row(ids=("patient_id", "entry_id"), get=NOT_ALLOWED, post=FORBIDDEN, who=LOGGING, done=NOT_FOUND),
    "preview_dose": Row(get=NOT_ALLOWED, post=OK),
    "log_dose": Row(post=FORBIDDEN, who=PRESCRIBING),
    "log_intake": Row(post=FORBIDDEN, who=LOGGING),
    "log_sedation": Row(post=FORBIDDEN, who=LOGGING),
    "log_effects": Row(post=FORBIDDEN, who=LOGGING),
    "log_signs": Row(post=FORBIDDEN, who=LOGGING),
    "log_response": Row(post=FORBIDDEN, who=LOGGING),
    "entry_in_error": Row(ids=("patient_id", "kind", "entry_id"), post=FORBIDDEN, who=LOGGING),
    "flag": Row(ids=FLAG),
    "accept_flag": Row(ids=FLAG, get=NOT_ALLOWED, post=FORBIDDEN, who=PRESCRIBING),
    "flag_contact": Row(ids=FLAG, get=NOT_ALLOWED, post=FORBIDDEN, who=LOGGING),
    "plan_new": Row(post=FORBIDDEN, who=DRAFTING),
    "plan_draw": Row(get=NOT_ALLOWED, post=OK),
    "plan_compare": Row(post=422),
    "plan": Row(ids=PLAN),
    "plan_sign": Row(ids=PLAN, get=FORBIDDEN, post=FORBIDDEN, who=PRESCRIBING),
    "plan_hold": Row(ids=PLAN, get=FORBIDDEN, post=FORBIDDEN, who=PRESCRIBING, seen=UNREADABLE),
    "plan_resume": Row(ids=PLAN, get=FORBIDDEN, post=FORBIDDEN, who=PRESCRIBING, seen=UNREADABLE),
    "plan_slow_down": Row(ids=PLAN, get=FORBIDDEN, post=FORBIDDEN, who=PRESCRIBING, seen=UNREADABLE),
    "plan_skip": Row(ids=PLAN, get=FORBIDDEN, post=FORBIDDEN, who=PRESCRIBING, seen=UNREADABLE),
    "plan_step_back": Row(ids=PLAN, get=FORBIDDEN, post=FORBIDDEN, who=PRESCRIBING, seen=UNREADABLE),
    "plan_stop": Row(ids=PLAN, get=FORBIDDEN, post=FORBIDDEN, who=DRAFTING),
    "plan_step_confirm": Row(ids=(*PLAN, "step_id"), get=NOT_ALLOWED, post=FORBIDDEN, who=LOGGING),
    "plan_export": Row(ids=(*PLAN, "variant", "suffix"), get=FORBIDDEN, who=LOGGING),
    "plan_take_home": Row(ids=PLAN, get=FORBIDDEN, who=LOGGING),
    "plan_sheet": Row(ids=PLAN, get=FORBIDDEN, who=LOGGING),
}
ROWS |= {
    "audit": Row(ids=(), get=FORBIDDEN, post=FORBIDDEN, who=RUNNING, done=SEE_OTHER),
    "audit_export": Row(ids=(), get=FORBIDDEN, who=RUNNING),
    "statistics": Row(ids=()),
    "week": Row(ids=(), post=FORBIDDEN, who=LOGGING, done=SEE_OTHER),
    "week_paper": Row(ids=("paper_id",), get=NOT_FOUND, post=NOT_FOUND),
    "week_fetch": Row(ids=("paper_id",), get=NOT_ALLOWED, post=NOT_FOUND),
    "clinic_settings": Row(ids=(), get=FORBIDDEN, post=FORBIDDEN, who=RUNNING),
    "clinic_preview": Row(ids=(), get=NOT_ALLOWED, post=FORBIDDEN, who=RUNNING),
    "reasons": Row(ids=(), get=FORBIDDEN, post=FORBIDDEN, who=RUNNING),
    "reason_rename": Row(ids=("code",), get=NOT_ALLOWED, post=FORBIDDEN, who=RUNNING),
    "reason_retire": Row(ids=("code",), get=NOT_ALLOWED, post=FORBIDDEN, who=RUNNING),
    "templates": Row(ids=(), get=FORBIDDEN, who=RUNNING),
    "template_new": Row(ids=(), get=FORBIDDEN, post=FORBIDDEN, who=RUNNING),
    "template": Row(ids=("template_id",), get=FORBIDDEN, post=FORBIDDEN, who=RUNNING),
    "template_retire": Row(ids=("template_id",), get=NOT_ALLOWED, post=FORBIDDEN, who=RUNNING, done=409),
    "template_bring_back": Row(ids=("template_id",), get=NOT_ALLOWED, post=FORBIDDEN, who=RUNNING, done=409),
    "products": Row(ids=(), get=FORBIDDEN, post=FORBIDDEN, who=RUNNING),
    "product_add": Row(ids=(), get=NOT_ALLOWED, post=FORBIDDEN, who=RUNNING),
    "product_retire": Row(ids=("code",), get=NOT_ALLOWED, post=FORBIDDEN, who=RUNNING),
    "product_bring_back": Row(ids=("code",), get=NOT_ALLOWED, post=FORBIDDEN, who=RUNNING),
    "history_import": Row(post=FORBIDDEN, who=LOGGING),
    "import_preview": Row(ids=("patient_id", "import_id"), post=FORBIDDEN, who=LOGGING, done=OK),
    "import_undo": Row(ids=("patient_id", "import_id"), post=FORBIDDEN, who=LOGGING),
}
ROWS |= {
    "healthz": Row(ids=(), public=True),
    "readyz": Row(ids=(), get=NOT_FOUND, public=True),
    "metrics": Row(ids=(), get=NOT_FOUND, public=True),
}
# Signing in and one's own account: open to visitors, or the reader's own.
ROWS |= {
    "account_login": Row(ids=(), get=SEE_OTHER, post=SEE_OTHER, public=True),
    "account_logout": Row(ids=(), get=NOT_ALLOWED, post=SEE_OTHER, public=True),
    "mfa_authenticate": Row(ids=(), get=SEE_OTHER, post=SEE_OTHER, public=True),
    "join": Row(ids=("token",), post=UNREADABLE, public=True),
    "account_reset_password": Row(ids=(), post=OK, public=True),
    "account_reset_password_done": Row(ids=(), public=True),
    "account_reset_password_from_key": Row(ids=("uidb36", "key"), post=OK, public=True),
    "account_reset_password_from_key_done": Row(ids=(), public=True),
    "well_known_change_password": Row(ids=(), get=SEE_OTHER),
    "signed_in_again": Row(own=True, ids=()),
    "sign_in_token": Row(own=True, ids=()),
    "kept_form": Row(ids=("kept_id",), get=NOT_FOUND, post=SEE_OTHER),
    "mfa_index": Row(own=True, ids=()),
    "account_change_password": Row(own=True, ids=(), post=OK),
    "sessions": Row(own=True, ids=(), post=SEE_OTHER),
    "account_reauthenticate": Row(own=True, ids=(), post=OK),
    "mfa_reauthenticate": Row(ids=(), get=SEE_OTHER, post=SEE_OTHER),
    "mfa_reauthenticate_webauthn": Row(ids=(), get=SEE_OTHER, post=SEE_OTHER),
    "mfa_activate_totp": Row(own=True, ids=(), post=OK),
    "mfa_deactivate_totp": Row(ids=(), get=NOT_FOUND, post=NOT_FOUND),
    "mfa_list_webauthn": Row(own=True, ids=()),
    "mfa_add_webauthn": Row(own=True, ids=(), post=OK),
    "mfa_remove_webauthn": Row(ids=("pk",), get=NOT_FOUND, post=NOT_FOUND),
    "mfa_view_recovery_codes": Row(ids=(), get=NOT_FOUND),
    "mfa_generate_recovery_codes": Row(own=True, ids=(), post=OK),
    "people": Row(ids=(), get=FORBIDDEN, post=FORBIDDEN, who=RUNNING),
    "member": Row(ids=("member_id",), get=FORBIDDEN, post=FORBIDDEN, who=RUNNING),
    "member_disable": Row(ids=("member_id",), get=NOT_ALLOWED, post=FORBIDDEN, who=RUNNING, done=SEE_OTHER),
    "member_enable": Row(ids=("member_id",), get=NOT_ALLOWED, post=FORBIDDEN, who=RUNNING, done=409),
    "member_second_factor": Row(ids=("member_id",), get=NOT_ALLOWED, post=FORBIDDEN, who=RUNNING),
    "invitation_revoke": Row(ids=("invitation_id",), get=NOT_ALLOWED, post=FORBIDDEN, who=RUNNING, done=SEE_OTHER),
}
SCOPED = {name: row for name, row in ROWS.items() if row.is_scoped}
METHODS = ("GET", "HEAD", "POST")


@dataclass(frozen=True, slots=True)
class House:
    """Everything an address can name, and the client of each person."""

    ids: dict[str, Any]
    reader: Client
    stranger: Client
    visitor: Client

    def address(self, name: str, **other: Any) -> str:
        return reverse(name, kwargs={each: {**self.ids, **other}[each] for each in ROWS[name].ids})


@pytest.fixture
def house(
    alice: Membership, bob: Membership, charlie: Membership, patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> House:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    plan = make_plan(alice, patient, slow_taper())
    condition = record_condition(actor=alice, patient=patient, code="stroke", now=NOW)
    report = IntakeDraft(kind=IntakeKind.RAN_OUT, starts_on=TODAY - timedelta(days=1))
    entry = record_intake(actor=alice, patient=patient, report=report, now=NOW)
    step = plan.steps.order_by("number").first()
    assert step is not None
    ids = {
        "patient_id": patient.public_id,
        "plan_id": plan.public_id,
        "step_id": step.public_id,
        "fact_id": condition.public_id,
        "kind": "intake",
        "entry_id": entry.public_id,
        "flag_id": Flag.objects.get(patient=patient, code="W1").public_id,
        "code": "W1",
        "import_id": imported_history(alice, patient).public_id,
        "review_id": plan_review(actor=alice, patient=patient, due_on=TODAY, now=NOW).public_id,
        "template_id": make_template(alice).template_id,
        **door_ids(alice),
        "paper_id": ask_for_week(actor=charlie, today=TODAY, now=NOW).public_id,
        "variant": "steps",
        "suffix": "csv",
    }
    return House(ids, signed_in(bob), signed_in(charlie), Client())


def door_ids(member: Membership) -> dict[str, Any]:
    """What stands in the addresses of people, invitations and passwords."""
    invitation = invite(
        actor=Membership(user=member.user, clinic=member.clinic, role="nurse", is_clinic_admin=True),
        email="new@clinic.example", role="nurse", is_clinic_admin=False, now=NOW,
    )  # fmt: skip
    return {
        "token": invitation_token(invitation),
        "invitation_id": invitation.public_id,
        "member_id": make_member(member.clinic, "nurse").public_id,
        "kept_id": uuid4(),
        "uidb36": "1",
        "key": "no-such-key",
        "pk": 1,
    }


def signed_in(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user, backend="titration.membership.MembershipBackend")
    return client


def send(client: Client, method: str, address: str) -> Any:
    return client.generic(method, address, HTTP_USER_AGENT="matrix")


def expected(row: Row, method: str) -> int:
    return row.post if method == "POST" else row.get


def test_every_address_has_its_row() -> None:
    """A new address: one line in ROWS. `get` and `post` are what a reader gets; where that is a 403, `who` says for
    whom it is not. tests/test_rights_matrix.py then asks it as everybody.
    """
    names = {pattern.name for pattern in get_resolver().url_patterns if isinstance(pattern, URLPattern)}
    assert names == set(ROWS)
    assert len(get_resolver().url_patterns) == len(ROWS), "two addresses share a name, or one is included unseen"


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if not row.public])
def test_a_visitor_is_sent_to_sign_in(house: House, name: str) -> None:
    for method in METHODS:
        response = send(house.visitor, method, house.address(name))
        assert response.status_code == SEE_OTHER, method
        assert response.url.startswith(reverse(SIGN_IN)), method
        assert b"Ashdown" not in response.content


@pytest.mark.parametrize("name", SCOPED)
def test_another_clinic_finds_what_an_unknown_id_finds(house: House, name: str) -> None:
    for method in METHODS:
        theirs = send(house.stranger, method, house.address(name))
        unknown = send(house.stranger, method, house.address(name, patient_id=uuid4()))
        closed = NOT_ALLOWED if expected(SCOPED[name], method) == NOT_ALLOWED else NOT_FOUND
        assert (theirs.status_code, unknown.status_code) == (closed, closed), method
        assert theirs.content == unknown.content


@pytest.mark.parametrize("name", [name for name, row in SCOPED.items() if len(row.ids) > 1])
def test_an_own_patient_does_not_open_what_belongs_to_another(
    house: House, name: str, alice: Membership, bob: Membership
) -> None:
    from tests.factories import make_patient

    other: UUID = make_patient(alice).public_id
    method = "GET" if ROWS[name].get != NOT_ALLOWED else "POST"
    assert send(signed_in(alice), method, house.address(name, patient_id=other)).status_code == NOT_FOUND


@pytest.mark.parametrize("name", ROWS)
def test_a_reader_reads_and_changes_nothing(house: House, name: str) -> None:
    for method in METHODS:
        answer = send(house.reader, method, house.address(name))
        assert answer.status_code == expected(ROWS[name], method), method
        assert "no-store" in answer.headers["Cache-Control"], method


@pytest.mark.parametrize("name", ROWS)
def test_other_methods_are_no_ones(house: House, name: str) -> None:
    for method in ("TRACE", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"):
        for client in (house.reader, house.visitor):
            assert send(client, method, house.address(name)).status_code == NOT_ALLOWED, method


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.get == OK])
def test_looking_changes_nothing(
    house: House, name: str, alice: Membership, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client = signed_in(alice)
    with django_assert_max_num_queries(60) as captured:
        for method in ("GET", "HEAD"):
            send(client, method, house.address(name))
    writes = [query["sql"] for query in captured if query["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    own = ("titration_session", "titration_sharedvalue", "auditevent")
    assert [sql for sql in writes if not any(table in sql for table in own)] == []
