"""Signing in: to where one was going, never elsewhere, and without telling which part was wrong."""

import pytest
from django.test import Client
from django.urls import reverse

from titration.models import Membership

PASSWORD = "pale-green-orchard-17"


@pytest.fixture
def alices_password(alice: Membership) -> str:
    alice.user.set_password(PASSWORD)
    alice.user.save()
    return PASSWORD


def sign_in(client: Client, email: str, password: str, **extra: str) -> object:
    return client.post(reverse("sign_in"), {"login": email, "password": password, **extra})


def test_leads_to_the_worklist(client: Client, alice: Membership, alices_password: str) -> None:
    response = sign_in(client, alice.user.email.upper(), alices_password)
    assert (response.status_code, response.url) == (302, "/")
    assert client.session.get_expire_at_browser_close() is False


def test_a_page_that_needs_it_leads_to_sign_in_and_back(
    client: Client, alice: Membership, alices_password: str
) -> None:
    asked = client.get(reverse("new_patient"))
    assert asked.url == f"{reverse('sign_in')}?next={reverse('new_patient')}"
    assert sign_in(client, alice.user.email, alices_password, next=reverse("new_patient")).url == reverse("new_patient")


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_never_leads_elsewhere(client: Client, alice: Membership, alices_password: str, target: str) -> None:
    assert sign_in(client, alice.user.email, alices_password, next=target).url == "/"


def test_unknown_address_and_wrong_password_are_told_alike(
    client: Client, alice: Membership, alices_password: str
) -> None:
    wrong = sign_in(client, alice.user.email, "something else")
    unknown = sign_in(client, "nobody@clinic.example", "something else")
    told = [str(answer.context["form"].non_field_errors()) for answer in (wrong, unknown)]
    assert told[0] == told[1]
    assert "do not match" in told[0]
    assert wrong.status_code == unknown.status_code


def test_a_new_session_begins_at_sign_in(client: Client, alice: Membership, alices_password: str) -> None:
    client.get(reverse("sign_in"))
    before = client.session.session_key
    sign_in(client, alice.user.email, alices_password)
    assert client.session.session_key != before


def test_a_cookie_kept_after_sign_out_is_refused(client: Client, alice: Membership, alices_password: str) -> None:
    sign_in(client, alice.user.email, alices_password)
    kept = client.cookies["sessionid"].value
    client.post(reverse("sign_out"))
    client.cookies["sessionid"] = kept
    assert client.get(reverse("new_patient")).status_code == 302


def test_signing_out_needs_a_post(client: Client, alice: Membership, alices_password: str) -> None:
    sign_in(client, alice.user.email, alices_password)
    assert client.get(reverse("sign_out")).status_code == 405
