"""What the audit says of the way in: also where it was left half-way, and whatever refused it."""

import json
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.module_loading import import_string

from tests.abuse.doors import PASSWORD, code_of, give_code, give_password, with_app, with_password
from tests.test_second_factor import DEMANDED
from titration.forms.audit_words import ACTIONS
from titration.forms.sign_in import ShownCode, ShownPasskey
from titration.mail import wait_for_mail
from titration.models import AuditEvent, Membership
from titration.views.audit import REFUSED

CREDENTIAL = json.dumps(
    {
        "id": "AAAA", "rawId": "AAAA", "type": "public-key", "clientExtensionResults": {},
        "response": {"clientDataJSON": "e30", "authenticatorData": "AAAA", "signature": "AAAA", "userHandle": None},
    }
)  # fmt: skip


def told(member: Membership) -> list[str]:
    return list(AuditEvent.objects.filter(actor=member.user).order_by("pk").values_list("action", flat=True))


def test_a_right_password_with_the_second_factor_pending_is_on_record(alice: Membership) -> None:
    """Whoever has stolen a password stops here: nothing else would tell of it."""
    give_password(Client(), with_app(alice).user.email)
    assert told(alice) == ["second_factor.asked"]
    row = AuditEvent.objects.get()
    assert (row.clinic, row.detail) == (alice.clinic, {})


def test_both_steps_are_on_record_in_their_order(alice: Membership) -> None:
    client = Client()
    give_password(client, with_app(alice).user.email)
    give_code(client, "000000")
    give_code(client, code_of(alice))
    assert told(alice) == ["second_factor.asked", "second_factor.refused", "second_factor.shown", "signed_in"]


def test_a_password_alone_is_a_sign_in_and_nothing_was_asked(alice: Membership) -> None:
    give_password(Client(), with_password(alice).user.email)
    assert told(alice) == ["signed_in"]


def test_each_try_with_a_right_password_is_on_record(alice: Membership) -> None:
    with_app(alice)
    for _ in range(3):
        give_password(Client(), alice.user.email)
    assert told(alice) == ["second_factor.asked"] * 3


def test_codes_beyond_the_throttle_are_on_record_too(alice: Membership) -> None:
    client = Client()
    give_password(client, with_app(alice).user.email)
    for _ in range(8):
        give_code(client, "000000")
    assert told(alice).count("second_factor.refused") == 8


def test_a_passkey_that_does_not_fit_is_on_record(alice: Membership) -> None:
    client = Client()
    give_password(client, with_app(alice).user.email)
    client.post(reverse("mfa_authenticate"), {"credential": CREDENTIAL})
    row = AuditEvent.objects.filter(action="second_factor.refused").get()
    assert (row.actor, row.detail) == (alice.user, {"kind": "webauthn"})


@pytest.mark.parametrize("page", ["authenticate", "reauthenticate", "authenticate_webauthn", "reauthenticate_webauthn"])
def test_every_form_in_which_a_factor_is_shown_tells_what_it_refuses(settings: Any, page: str) -> None:
    assert issubclass(import_string(settings.MFA_FORMS[page]), (ShownCode, ShownPasskey))


def test_a_wrong_present_password_is_on_record_and_what_was_typed_is_not(alice: Membership) -> None:
    client = Client()
    give_password(client, with_password(alice).user.email)
    fields = {"oldpassword": "canary-guess", "password1": "some new words 27", "password2": "some new words 27"}
    client.post(reverse("account_change_password"), fields)
    assert told(alice) == ["signed_in", "password.refused"]
    assert "canary" not in str(list(AuditEvent.objects.values()))


def test_a_wrong_password_given_again_in_a_session_is_on_record(alice: Membership) -> None:
    client = Client()
    give_password(client, with_password(alice).user.email)
    client.post(reverse("account_reauthenticate"), {"password": "not the password"})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert told(alice)[:2] == ["signed_in", "sign_in_failed"]
    assert "second_factor.asked" not in told(alice)


@DEMANDED
def test_a_password_set_by_mail_is_on_record_and_is_no_sign_in(alice: Membership) -> None:
    client = Client()
    client.post(reverse("account_reset_password"), {"email": with_app(alice).user.email})
    wait_for_mail()
    link = next(word for word in mail.outbox[0].body.split() if "/password/new/" in word)
    page = client.get(link, follow=True).request["PATH_INFO"]
    client.post(page, {"password1": "some new words 27", "password2": "some new words 27"})
    assert told(alice) == ["password.reset"]


def test_what_was_refused_at_the_door_is_marked_in_the_audit() -> None:
    assert set(ACTIONS) >= REFUSED
    assert {name for name in ACTIONS if name.endswith((".refused", "_failed"))} <= REFUSED
