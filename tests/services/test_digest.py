"""The daily mail: counts to members alone, once a day, nobody's name."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.abuse.together import together
from tests.factories import NOW, make_member
from tests.services.acts import critical_flag
from titration.models import AuditEvent, Membership, Patient, Role, SubmissionKey
from titration.services.digest import digests_due, send_digests


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def flagged(alice: Membership, patient: Patient) -> Patient:
    critical_flag(alice, patient)
    return patient


def send() -> list[str]:
    call_command("digest", address="https://titration.clinic.example")
    return sorted(each.to[0] for each in mail.outbox)


def test_members_who_may_answer_get_counts_and_a_link(
    flagged: Patient, alice: Membership, nina: Membership, bob: Membership, charlie: Membership
) -> None:
    assert send() == sorted([alice.user.email, nina.user.email]), "not the reader, not another clinic"
    said = mail.outbox[0]
    assert said.subject == "1 critical waiting in Spasticity clinic"
    assert "https://titration.clinic.example/?show=critical" in said.body
    for private in ("Ashdown", "Margaret", flagged.identifier, str(flagged.public_id), "baclofen"):
        assert private not in said.subject + said.body


def test_a_second_run_on_the_same_day_sends_nothing(flagged: Patient, alice: Membership) -> None:
    send()
    assert send() == [alice.user.email]
    assert AuditEvent.objects.filter(action="digest.sent").count() == 1


def test_the_next_day_has_its_own(flagged: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    send()
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(days=1))
    assert len(send()) == 2


def test_who_has_left_gets_none(flagged: Patient, alice: Membership, clinic: object) -> None:
    gone = make_member(alice.clinic, Role.CLINICIAN, disabled_at=NOW)
    switched_off = make_member(alice.clinic, Role.CLINICIAN)
    switched_off.user.is_active = False
    switched_off.user.save()
    assert send() == [alice.user.email]
    assert gone.user.email not in mail.outbox[0].body


def test_where_nothing_waits_no_mail_is_sent(alice: Membership, patient: Patient) -> None:
    assert send() == []


def test_a_mail_that_was_refused_is_sent_by_the_next_run(flagged: Patient, alice: Membership) -> None:
    def refuse(_: object) -> None:
        raise ConnectionRefusedError

    assert send_digests(now=NOW, mail=refuse) == {"ConnectionRefusedError": 1}
    assert [digest.member for digest in digests_due(NOW)] == [alice]
    assert not AuditEvent.objects.filter(action="digest.sent").exists()
    assert send() == [alice.user.email]


def test_a_run_that_could_not_send_ends_with_an_error(
    flagged: Patient, alice: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    with pytest.raises(CommandError, match="Not sent: 1 ConnectionRefusedError"):
        call_command("digest", address="https://x.example")
    assert not SubmissionKey.objects.filter(actor=alice.user, digest="").exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_runs_at_the_same_moment_send_each_mail_once(flagged: Patient, alice: Membership, nina: Membership) -> None:
    sent: list[str] = []

    def run() -> int:
        return send_digests(now=NOW, mail=lambda digest: sent.append(digest.member.user.email))["sent"]

    assert sum(together([run] * 4)) == 2
    assert sorted(sent) == sorted([alice.user.email, nina.user.email])
    assert AuditEvent.objects.filter(action="digest.sent").count() == 2
