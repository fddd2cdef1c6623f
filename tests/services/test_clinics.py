"""A clinic is opened from the command line, whole or not at all, and its first person can sign in."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from titration.models import AuditEvent, Clinic, Membership, User

pytestmark = pytest.mark.django_db
PASSWORD = "pale-green-orchard-17"
ARGUMENTS = ["open_clinic", "Harbour clinic", "--email", "Ann.Lee@harbour.example", "--person", "Ann Lee"]


@pytest.fixture
def first_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TITRATION_FIRST_PASSWORD", PASSWORD)


@pytest.mark.usefixtures("first_password")
def test_the_first_person_signs_in_and_sees_the_worklist(client: Client) -> None:
    call_command(*ARGUMENTS)
    client.post(reverse("sign_in"), {"login": "ann.lee@harbour.example", "password": PASSWORD})
    assert b"Harbour clinic" in client.get(reverse("worklist")).content
    assert Membership.objects.get().is_clinic_admin


@pytest.mark.usefixtures("first_password")
def test_it_is_written_down() -> None:
    call_command(*ARGUMENTS)
    assert list(AuditEvent.objects.values_list("action", flat=True)) == ["clinic.opened", "member.added"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (["--time-zone", "Europe/Nowhere"], "Choose a time zone"),
        (["--email", "no address"], "valid"),
    ],
)
@pytest.mark.usefixtures("first_password")
def test_a_wrong_value_opens_nothing(changes: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command(*ARGUMENTS, *changes)
    assert (Clinic.objects.count(), User.objects.count()) == (0, 0)


def test_a_weak_password_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TITRATION_FIRST_PASSWORD", "12345")
    with pytest.raises(CommandError, match="password"):
        call_command(*ARGUMENTS)
    assert Clinic.objects.count() == 0
