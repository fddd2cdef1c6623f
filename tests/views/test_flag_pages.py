"""One flag: as it was shown, what happened to it, accepted with a reason until a day, contacts logged."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from tests.factories import NOW, TODAY
from titration.domain.record import IntakeKind
from titration.models import Flag, FlagEvent, Membership, Patient
from titration.permissions import SENTENCES, Action
from titration.services.drafts import IntakeDraft, SedationDraft
from titration.services.intake import record_intake
from titration.services.reports import record_sedation

SignIn = Callable[[Membership], Client]


@pytest.fixture
def critical(alice: Membership, patient: Patient) -> Flag:
    report = IntakeDraft(kind=IntakeKind.RAN_OUT, starts_on=TODAY - timedelta(days=1))
    record_intake(actor=alice, patient=patient, report=report, now=NOW)
    return Flag.objects.get(code="W1")


@pytest.fixture
def high(alice: Membership, patient: Patient) -> Flag:
    record_sedation(actor=alice, patient=patient, report=SedationDraft(at=NOW, grade=3), now=NOW)
    return Flag.objects.get(code="S1")


def url(flag: Flag, name: str = "flag") -> str:
    return reverse(name, args=[flag.patient.public_id, flag.public_id])


def accept(client: Client, flag: Flag, **typed: Any) -> Any:
    usual = {"reason": "supervised", "comment": "", "expires_on": "2026-11-15", "state_version": flag.state_version}
    return client.post(url(flag, "accept_flag"), {**usual, **typed})


def test_shows_the_words_as_they_were_shown_and_what_happened(
    as_member: SignIn, alice: Membership, critical: Flag
) -> None:
    shown = as_member(alice).get(url(critical)).content.decode()
    assert escape(critical.shown["title"]) in shown
    assert "What happened" in shown
    assert "Raised" in shown
    assert "at most 72 hours" in shown


def test_a_clinician_accepts_with_reason_comment_and_end(as_member: SignIn, alice: Membership, critical: Flag) -> None:
    client = as_member(alice)
    response = accept(client, critical, comment="Seen on the ward")
    assert response.status_code == 302
    critical.refresh_from_db()
    assert (critical.state, critical.accepted_by) == ("accepted", alice.user)
    shown = client.get(response.url).content.decode()
    assert "Supervised closely, for example in hospital: Seen on the ward" in shown
    assert "Flag accepted." in shown


@pytest.mark.parametrize("role", ["nina", "paul"])
def test_up_to_high_is_accepted_by_nurse_and_pharmacist(
    as_member: SignIn, critical: Flag, high: Flag, role: str, request: pytest.FixtureRequest
) -> None:
    client = as_member(request.getfixturevalue(role))
    assert accept(client, high).status_code == 302
    refused = accept(client, critical)
    assert refused.status_code == 403
    assert SENTENCES[Action.ACCEPT_CRITICAL_FLAG] in refused.content.decode()
    assert escape(SENTENCES[Action.ACCEPT_CRITICAL_FLAG]) in client.get(url(critical)).content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"reason": ""}, "Choose a reason."),
        ({"reason": "other", "comment": " "}, "Say in a few words what the other reason is."),
        ({"expires_on": "2026-11-17"}, "a critical flag is accepted for at most 72 hours."),
        ({"expires_on": "2026-11-12"}, "Choose a date from today"),
        ({"expires_on": "15/11/2026"}, "Write the date as year-month-day"),
        ({"comment": "x" * 2001}, "at most 2000 characters"),
        ({"state_version": "x"}, "Enter a whole number."),
    ],
)
def test_what_is_refused_says_what_to_do(
    as_member: SignIn, alice: Membership, critical: Flag, typed: dict[str, str], sentence: str
) -> None:
    response = accept(as_member(alice), critical, **{"comment": "Typed with care", **typed})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert "Typed with care" in response.content.decode() or "comment" in typed
    critical.refresh_from_db()
    assert critical.state == "open"


def test_somebody_was_quicker(as_member: SignIn, alice: Membership, critical: Flag) -> None:
    client = as_member(alice)
    accept(client, critical)
    response = accept(client, critical, comment="Typed with care")
    assert response.status_code == 409
    assert "Somebody changed this meanwhile" in response.content.decode()
    assert "Typed with care" in response.content.decode()


def log_contact(client: Client, flag: Flag, text: str, **fields: Any) -> Any:
    return client.post(url(flag, "flag_contact"), {"key": uuid4(), "text": text, **fields})


def test_the_form_of_a_contact_counts_once(as_member: SignIn, nina: Membership, critical: Flag) -> None:
    client = as_member(nina)
    form = client.get(url(critical)).content.decode().split("/contact/")[1].split("</form>")[0]
    key = re.findall(r'name="key" value="([^"]+)"', form)[0]
    answers = [log_contact(client, critical, "called, no answer", key=key).status_code for _ in range(2)]
    assert answers == [302, 302]
    assert FlagEvent.objects.filter(kind="contact").count() == 1
    assert log_contact(client, critical, "called again").status_code == 302
    assert FlagEvent.objects.filter(kind="contact").count() == 2


def test_a_contact_is_logged(as_member: SignIn, nina: Membership, critical: Flag) -> None:
    client = as_member(nina)
    response = log_contact(client, critical, "called 10:20, no answer <script>")
    assert response.status_code == 302
    assert FlagEvent.objects.filter(kind="contact", by=nina.user).count() == 1
    shown = client.get(response.url).content.decode()
    assert "called 10:20, no answer &lt;script&gt;" in shown


def test_an_empty_contact_is_refused(as_member: SignIn, nina: Membership, critical: Flag) -> None:
    response = log_contact(as_member(nina), critical, "  ")
    assert response.status_code == 422
    assert "Write in a few words who was contacted" in response.content.decode()


def test_a_reader_reads_and_no_more(as_member: SignIn, bob: Membership, critical: Flag) -> None:
    client = as_member(bob)
    assert client.get(url(critical)).status_code == 200
    assert accept(client, critical).status_code == 403
    assert log_contact(client, critical, "called").status_code == 403


def test_a_flag_of_another_patient_is_not_found(
    as_member: SignIn, alice: Membership, critical: Flag, charlie: Membership, other_patient: Patient
) -> None:
    from tests.factories import make_patient

    mine = make_patient(alice)
    for member, patient in ((alice, mine), (charlie, other_patient)):
        address = reverse("flag", args=[patient.public_id, critical.public_id])
        assert as_member(member).get(address).status_code == 404


def test_shows_the_flag_as_it_was_seen_at_an_event(as_member: SignIn, alice: Membership, critical: Flag) -> None:
    Flag.objects.filter(pk=critical.pk).update(shown={"title": "Other words of today"}, guidance_version="2027.9")
    client = as_member(alice)
    now, then = (client.get(url(critical) + query).content.decode() for query in ("", "?seen=1"))
    assert "Other words of today" in now
    assert "guidance 2027.9" in now
    assert "Other words of today" not in then.split("<main")[1].split("What happened")[0]
    assert "As seen on 13\u00a0Nov\u00a02026, 09:41" in then
    for text in (critical.shown["title"], critical.shown["reason"], *critical.shown["why"]):
        assert escape(text) in then
    for limit in critical.shown["thresholds"]:
        assert escape(limit["source"]) in then
    assert f"guidance {critical.guidance_version}" in then


@pytest.mark.parametrize("query", ["?seen=99", "?seen=", "?seen=x", "?seen=1'--"])
def test_an_unknown_moment_is_now(query: str, as_member: SignIn, alice: Membership, critical: Flag) -> None:
    response = as_member(alice).get(url(critical) + query)
    assert response.status_code == 200
    assert "As seen on" not in response.content.decode()
