"""The page of the clinic's settings: for its administrator, looked at first, with both versions after a conflict."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from titration.models import AuditEvent, Clinic, ClinicChange, Membership

SignIn = Callable[[Membership], Client]
TYPED = {
    "version": "0",
    "telephone": "01632 960 999",
    "hours": "Mon to Thu, 9:00 to 16:00",
    "out_of_hours": "other times 111",
    "emergency_wording": "Ring 999 if you cannot be woken or have a fit.",
    "morning": "07:30",
    "midday": "12:30",
    "evening": "18:30",
    "bedtime": "22:30",
    "time_zone": "Pacific/Kiritimati",
    "label_set": "AU",
}


def post(client: Client, name: str = "clinic_settings", **changes: str) -> Any:
    return client.post(reverse(name), TYPED | changes)


def test_the_administrator_changes_what_is_set(as_member: SignIn, ada: Membership) -> None:
    client = as_member(ada)
    assert post(client).status_code == 302
    clinic = Clinic.objects.get(pk=ada.clinic_id)
    assert (clinic.telephone, clinic.time_zone, clinic.label_set) == ("01632 960 999", "Pacific/Kiritimati", "AU")
    page = client.get(reverse("clinic_settings")).content.decode()
    assert 'value="01632 960 999"' in page
    assert 'name="version" value="1"' in page
    assert "Telephone: <del>" in page


def test_a_refused_value_is_shown_again_at_its_field(as_member: SignIn, ada: Membership) -> None:
    answer = post(as_member(ada), evening="11:00")
    assert answer.status_code == 422
    assert "Choose a later time" in answer.content.decode()
    assert not ClinicChange.objects.exists()


def test_who_was_slower_sees_both_and_can_save_then(as_member: SignIn, ada: Membership) -> None:
    client = as_member(ada)
    post(client)
    answer = post(client, telephone="01632 960 111")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "What stands now: telephone 01632 960 999" in page
    assert 'value="01632 960 111"' in page
    assert post(client, telephone="01632 960 111", version="1").status_code == 302


def test_a_sample_sheet_carries_what_is_typed_and_saves_nothing(as_member: SignIn, ada: Membership) -> None:
    answer = post(as_member(ada), "clinic_preview")
    page = answer.content.decode()
    assert answer.status_code == 200
    for said in (
        "01632 960 999",
        "Mon to Thu, 9:00 to 16:00",
        "Ring 999 if",
        "you cannot be woken or have a fit.",
        "07:30",
    ):
        assert said in page
    assert "Sample Patient" in page
    assert "Nothing was saved" in page
    assert "Draft, not signed" in page
    assert not ClinicChange.objects.exists()
    assert not AuditEvent.objects.filter(action="clinic.changed").exists()


@pytest.mark.parametrize("name", ["clinic_settings", "clinic_preview"])
def test_others_read_who_may(name: str, as_member: SignIn, alice: Membership) -> None:
    answer = post(as_member(alice), name)
    assert answer.status_code == 403
    assert "Only an administrator of this clinic" in answer.content.decode()


def test_hostile_words_are_inert(as_member: SignIn, ada: Membership) -> None:
    client = as_member(ada)
    words = '"><svg onload=alert(1)>{{7*7}}\r\nRing 999'
    assert post(client, emergency_wording=words, hours="<b>x</b>").status_code == 302
    for page in (client.get(reverse("clinic_settings")), post(client, "clinic_preview", emergency_wording=words)):
        assert "<svg onload" not in page.content.decode()
        assert "{{7*7}}" in page.content.decode()


def test_the_menu_leads_an_administrator_there(as_member: SignIn, ada: Membership, alice: Membership) -> None:
    link = f'href="{reverse("clinic_settings")}"'
    assert link in as_member(ada).get("/").content.decode()
    assert link not in as_member(alice).get("/").content.decode()
