"""The clinic's reasons, on their page: for its administrator alone."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from titration.models import Clinic, Membership

SignIn = Callable[[Membership], Client]


def test_an_administrator_adds_renames_and_retires(as_member: SignIn, ada: Membership) -> None:
    client = as_member(ada)
    client.post(reverse("reasons"), {"words": "Seen on our ward"})
    client.post(reverse("reason_rename", args=["own_1"]), {"words": "Seen on ward 7"})
    client.post(reverse("reason_retire", args=["supervised"]))
    page = client.get(reverse("reasons")).content.decode()
    active, retired = page.split("<h2>Retired</h2>")
    assert "Seen on ward 7" in active
    assert "Seen on our ward" in retired
    assert "Supervised closely" in retired
    assert "own_2" in Clinic.objects.get(pk=ada.clinic_id).active_reasons


@pytest.mark.parametrize("name", ["reasons", "reason_rename", "reason_retire"])
def test_others_read_who_may(name: str, as_member: SignIn, alice: Membership) -> None:
    response = as_member(alice).post(reverse(name, args=[] if name == "reasons" else ["supervised"]), {"words": "x"})
    assert response.status_code == 403
    assert "Only an administrator of this clinic" in response.content.decode()
    assert Clinic.objects.get(pk=alice.clinic_id).override_reasons == {}


def test_refused_words_are_shown_again(as_member: SignIn, ada: Membership) -> None:
    response = as_member(ada).post(reverse("reasons"), {"words": "other, see comment"})
    assert response.status_code == 422
    assert "in the list already" in response.content.decode()


def test_hostile_words_are_inert(as_member: SignIn, ada: Membership) -> None:
    client = as_member(ada)
    client.post(reverse("reasons"), {"words": '"><svg onload=alert(1)>{{7*7}}'})
    page = client.get(reverse("reasons")).content.decode()
    assert "<svg onload" not in page
    assert "{{7*7}}" in page


def test_the_menu_leads_an_administrator_there(as_member: SignIn, ada: Membership, alice: Membership) -> None:
    link = f'href="{reverse("reasons")}"'
    assert link in as_member(ada).get("/").content.decode()
    assert link not in as_member(alice).get("/").content.decode()
