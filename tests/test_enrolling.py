"""Setting up a second factor hangs on nothing that a stranger can write: in production, on the database of this run."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse

from tests.abuse.doors import PASSWORD, give_password, is_in, with_password
from tests.abuse.scratch_site import play, scratch_environment, server_url
from tests.addresses import NOT_ALLOWED, ROWS
from tests.house import House
from tests.test_second_factor import first_code
from titration.mail import wait_for_mail
from titration.models import Membership, User

# What anybody may make us write: the trail of it, and the counts and throttles of sign-in by person and address.
MAY_GROW = {"titration_auditevent", "titration_session", "titration_sharedvalue", "axes_accessattempt"}


@pytest.mark.parametrize("rows_from_before", ["none", "unverified", "primary"])
def test_a_member_whose_address_strangers_post_everywhere_resets_enrols_and_works(rows_from_before: str) -> None:
    with scratch_environment(server_url()) as environment:
        production = environment | {"DJANGO_SETTINGS_MODULE": "titration.bench.settings"}
        told = play("tests.abuse.scenarios.enrolling", rows_from_before, environment=production)
    assert told["demanded"] is True
    assert told["new address rows"] == 0
    assert told["strangers"] == [200, 302, 429], "after ten wrong passwords, and for their own address alone"
    assert told["mails"] == 5
    assert told["asked"] == [302, reverse("account_reset_password_done")]
    assert told["reset"] == 302
    assert told["signed in"] == [302, "/"]
    assert told["enrolled"] == reverse("mfa_view_recovery_codes")
    assert (told["worklist"], told["patient"]) == (200, 200)


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.public and row.post != NOT_ALLOWED])
def test_what_a_visitor_posts_grows_no_table_that_a_member_depends_on(
    house: House, alice: Membership, name: str
) -> None:
    email = with_password(alice).user.email
    before = _sizes()
    fields = {"email": email, "login": email, "password": "not the one", "code": "000000", "full_name": "A. Stranger"}
    house.visitor.post(house.address(name), {**fields, "password1": PASSWORD, "password2": PASSWORD})
    wait_for_mail()
    grown = {table for table, size in _sizes().items() if size > before[table]}
    assert grown - MAY_GROW == ({"titration_user", "titration_membership"} if name == "join" else set())


@pytest.mark.django_db(transaction=True)
@override_settings(SECOND_FACTOR_REQUIRED=True)
@pytest.mark.parametrize("is_primary", [False, True])
def test_rows_of_addresses_from_before_bar_nobody(alice: Membership, is_primary: bool) -> None:
    EmailAddress.objects.create(user=alice.user, email=alice.user.email, verified=False, primary=is_primary)
    client = Client()
    give_password(client, with_password(alice).user.email)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    client.post(reverse("mfa_activate_totp"), {"code": first_code(page)})
    assert is_in(client)
    assert client.get(reverse("mfa_add_webauthn")).status_code == 200


@pytest.mark.parametrize("is_verified", [False, True])
def test_a_row_of_an_address_from_before_brings_nobody_a_link(alice: Membership, is_verified: bool) -> None:
    """Whoever had an address before, or wrote it into the table, gets no link to this account."""
    EmailAddress.objects.create(user=alice.user, email="before@clinic.example", verified=is_verified, primary=True)
    for email in ("before@clinic.example", alice.user.email.upper()):
        Client().post(reverse("account_reset_password"), {"email": email})
    wait_for_mail()
    assert [message.to for message in mail.outbox] == [[alice.user.email]]


def test_who_changes_address_resets_by_the_new_one_alone(alice: Membership) -> None:
    old = alice.user.email
    Client().post(reverse("account_reset_password"), {"email": old})
    wait_for_mail()
    link = next(line for line in mail.outbox[0].body.splitlines() if line.startswith("http"))
    User.objects.filter(pk=alice.user_id).update(email="new@clinic.example")
    answer = Client().get(link.removeprefix("http://testserver"), follow=True)
    assert "no longer good" in answer.content.decode()
    Client().post(reverse("account_reset_password"), {"email": old})
    wait_for_mail()
    assert len(mail.outbox) == 1


def _sizes() -> dict[str, Any]:
    return {model._meta.db_table: model._base_manager.count() for model in apps.get_models()}
