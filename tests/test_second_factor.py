"""A second factor before any patient: demanded, shown in each session, kept under lock, and the sessions that end."""

import json
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from tests.abuse.doors import PASSWORD, add_app, code_of, give_code, give_password, is_in, with_app, with_password
from tests.factories import make_patient
from titration.accounts.seeds import lock_seed, open_seed
from titration.forms.sign_in import claim_code
from titration.models import AuditEvent, Membership, Session, SharedValue
from titration.services.people import invitation_token, invite

DEMANDED = override_settings(SECOND_FACTOR_REQUIRED=True)


@pytest.fixture
def client(alice: Membership) -> Client:
    client = Client()
    give_password(client, with_password(alice).user.email)
    return client


def first_code(page: str) -> str:
    secret = re.search(r'class="secret">([A-Z2-7]+)<', page)
    assert secret is not None
    return format_hotp_value(hotp_value(secret[1], int(time.time()) // 30))


@DEMANDED
def test_without_one_every_page_leads_to_setting_it_up(client: Client, alice: Membership) -> None:
    for address in (reverse("worklist"), reverse("patient", args=[make_patient(alice).public_id]), reverse("people")):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (302, reverse("mfa_index"))
        assert client.post(address).status_code == 302
    assert client.get(reverse("worklist"), headers={"HX-Request": "true"})["HX-Redirect"] == reverse("mfa_index")
    assert "Set up a second factor" in client.get(reverse("mfa_index")).content.decode()


@pytest.mark.django_db(transaction=True)
@DEMANDED
def test_an_app_is_set_up_and_the_work_goes_on(client: Client, alice: Membership) -> None:
    """The session learns of it when the transaction is through."""
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    assert "data:image/svg+xml" in page
    answer = client.post(reverse("mfa_activate_totp"), {"code": first_code(page)}, follow=True)
    assert "Each code works once" in answer.content.decode()
    assert is_in(client)
    assert ("second_factor.added", alice.user_id) in AuditEvent.objects.values_list("action", "actor")


@DEMANDED
def test_a_session_by_password_alone_has_to_show_it_once_it_exists(client: Client, alice: Membership) -> None:
    add_app(alice)
    assert client.get(reverse("worklist"))["Location"] == reverse("mfa_reauthenticate")
    assert client.get(reverse("mfa_add_webauthn"))["Location"] == reverse("mfa_reauthenticate")
    client.post(reverse("mfa_reauthenticate"), {"code": code_of(alice)})
    assert is_in(client)


@DEMANDED
def test_password_then_code_lead_to_the_page_that_was_asked_for(alice: Membership) -> None:
    client = Client()
    asked = give_password(client, with_app(alice).user.email, next=reverse("guidance"))
    assert asked["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("worklist"))["Location"].startswith(reverse("sign_in"))
    assert give_code(client, code_of(alice))["Location"] == reverse("guidance")


@DEMANDED
def test_the_second_factor_page_alone_is_no_way_in(client: Client, alice: Membership) -> None:
    assert give_code(Client(), code_of(with_app(alice)))["Location"] == reverse("sign_in")


@DEMANDED
def test_who_takes_away_the_last_one_sets_up_another_before_anything_else(alice: Membership) -> None:
    here, there = Client(), Client()
    with_app(alice)
    for client, ahead in ((here, 0), (there, 1)):
        give_password(client, alice.user.email)
        give_code(client, code_of(alice, ahead))
        assert is_in(client)
    assert here.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert here.get(reverse("worklist"))["Location"] == reverse("mfa_index")
    assert there.get(reverse("worklist"))["Location"].startswith(reverse("sign_in"))


@DEMANDED
def test_nobody_joins_another_clinic_by_password_alone(ada: Membership, charlie: Membership) -> None:
    client, address = Client(), with_password(charlie).user.email
    invitation = invite(actor=ada, email=address, role="nurse", is_clinic_admin=False, now=timezone.now())
    link = reverse("join", args=[invitation_token(invitation)])
    assert client.get(link).status_code == 200
    give_password(client, address)
    add_app(charlie)
    assert client.post(link)["Location"] == reverse("mfa_reauthenticate")
    client.post(reverse("mfa_reauthenticate"), {"code": code_of(charlie)})
    assert client.post(link)["Location"] == reverse("worklist")
    assert Membership.objects.filter(user=charlie.user).count() == 2


def test_seeds_lie_encrypted(alice: Membership) -> None:
    stored = Authenticator.objects.get(user=with_app(alice).user).data["secret"]
    assert not re.fullmatch("[A-Z2-7]{32}", stored)
    assert re.fullmatch("[A-Z2-7]{32}", open_seed(stored))


def test_a_new_secret_key_still_opens_old_seeds_and_renewing_frees_them_from_the_old(alice: Membership) -> None:
    seed = generate_totp_secret()
    row = Authenticator.objects.create(user=alice.user, type="totp", data={"secret": lock_seed(seed)})
    old, new = "o" * 50, "n" * 50
    with override_settings(SECRET_KEY=old):
        Authenticator.objects.filter(pk=row.pk).update(data={"secret": lock_seed(seed)})
    with override_settings(SECRET_KEY=new, SECRET_KEY_FALLBACKS=[old]):
        call_command("renew_seeds", verbosity=0)
    row.refresh_from_db()
    with override_settings(SECRET_KEY=new, SECRET_KEY_FALLBACKS=[]):
        assert open_seed(row.data["secret"]) == seed
    with override_settings(SECRET_KEY=old, SECRET_KEY_FALLBACKS=[]):
        assert open_seed(row.data["secret"]) != seed


def test_a_seed_that_no_key_opens_fits_no_code(alice: Membership) -> None:
    assert open_seed("nonsense") != open_seed("nonsense")


def test_a_code_is_claimed_once_by_whoever_is_first(alice: Membership, bob: Membership) -> None:
    assert claim_code(alice.user, "123 456")
    for again in ("123456", "123-456", "12.34_56", " 1 23 456"):
        assert not claim_code(alice.user, again)
    assert claim_code(bob.user, "123456")
    assert "123456" not in json.dumps(list(SharedValue.objects.values_list("cache_key", "value")))


def test_changing_the_password_ends_the_other_sessions(client: Client, alice: Membership) -> None:
    other = Client()
    give_password(other, alice.user.email)
    new = {"oldpassword": PASSWORD, "password1": "wide-silver-meadow-3", "password2": "wide-silver-meadow-3"}
    assert client.post(reverse("account_change_password"), new).status_code == 302
    assert (is_in(client), is_in(other)) == (True, False)
    assert AuditEvent.objects.filter(action="password.changed", actor=alice.user).count() == 1


def test_devices_are_listed_and_one_is_signed_out(client: Client, alice: Membership) -> None:
    other = Client(
        HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/141.0", REMOTE_ADDR="192.0.2.8"
    )
    give_password(other, alice.user.email)
    page = client.get(reverse("sessions")).content.decode()
    assert "Firefox on Windows" in page
    assert "192.0.2.8" in page
    row = Session.objects.get(address="192.0.2.8")
    client.post(reverse("sessions"), {"session": str(row.public_id)})
    assert (is_in(client), is_in(other)) == (True, False)


def test_a_session_keeps_its_public_id_over_its_saves(client: Client) -> None:
    before = Session.objects.get(session_key=client.session.session_key).public_id
    session = client.session
    session["more"] = 1
    session.save()
    assert Session.objects.get(session_key=client.session.session_key).public_id == before


def test_the_token_page_says_who_is_signed_in(client: Client, alice: Membership) -> None:
    told = client.get(reverse("sign_in_token")).json()
    assert told["person"] == alice.user_id
    assert len(told["token"]) == 64
