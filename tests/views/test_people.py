"""The people of a clinic on their page: invited by mail, changed, disabled; and the invited person's own first page."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.abuse.doors import with_app
from tests.factories import make_member
from titration.mail import wait_for_mail
from titration.models import Invitation, Membership, User

AsMember = Callable[[Membership], Client]
INVITE = {"email": "new.nurse@clinic.example", "role": "nurse"}
JOIN = {"full_name": "Nora New", "password1": "quiet-harbour-lantern-4", "password2": "quiet-harbour-lantern-4"}


@pytest.fixture
def link(as_member: AsMember, ada: Membership) -> str:
    as_member(ada).post(reverse("people"), INVITE)
    wait_for_mail()
    words = mail.outbox[0].body
    return next(line for line in words.splitlines() if line.startswith("http")).removeprefix("http://testserver")


def test_lists_everybody_with_role_last_sign_in_and_second_factor(
    as_member: AsMember, ada: Membership, bob: Membership, charlie: Membership
) -> None:
    page = as_member(ada).get(reverse("people")).content.decode()
    assert "Bob Brook" in page
    assert "never" in page
    assert "<b>no</b>" in page
    assert "Charlie" not in page


def test_the_list_asks_no_more_for_more_people(
    as_member: AsMember, ada: Membership, bob: Membership, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for _ in range(5):
        make_member(ada.clinic)
    client = as_member(ada)
    with django_assert_max_num_queries(6):
        client.get(reverse("people"))


def test_an_invitation_goes_out_by_mail_and_leads_to_an_account(link: str, clinic: object) -> None:
    visitor = Client()
    page = visitor.get(link).content.decode()
    assert "Ada Acre invited new.nurse@clinic.example as nurse" in page
    assert 'autocomplete="new-password"' in page
    assert visitor.post(link, JOIN).url == reverse("sign_in")
    assert User.objects.get(email=INVITE["email"]).full_name == "Nora New"
    assert visitor.get(link).status_code == 410


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"password2": "another-quiet-harbour"}, "differ"),
        ({"password1": "short", "password2": "short"}, "too short"),
        ({"full_name": ""}, "Write your full name."),
    ],
)
def test_says_what_is_wrong_and_keeps_the_link_good(link: str, changes: dict[str, str], sentence: str) -> None:
    answer = Client().post(link, {**JOIN, **changes})
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert Client().get(link).status_code == 200


def test_a_revoked_invitation_opens_nothing(as_member: AsMember, ada: Membership, link: str) -> None:
    invitation = Invitation.objects.get()
    as_member(ada).post(reverse("invitation_revoke", args=[invitation.public_id]))
    assert Client().get(link).status_code == 410


def test_who_has_an_account_joins_with_it(as_member: AsMember, ada: Membership, charlie: Membership) -> None:
    as_member(ada).post(reverse("people"), {"email": charlie.user.email, "role": "nurse"})
    wait_for_mail()
    address = mail.outbox[0].body.split("http://testserver")[1].split()[0]
    assert "has an account here already" in Client().get(address).content.decode()
    assert Client().post(address, JOIN).status_code == 403
    assert as_member(charlie).post(address).status_code == 302
    assert Membership.objects.filter(user=charlie.user, clinic=ada.clinic, role="nurse").exists()


def test_role_and_admin_bit_are_changed(as_member: AsMember, ada: Membership, bob: Membership) -> None:
    address = reverse("member", args=[bob.public_id])
    assert 'value="read_only" selected' in as_member(ada).get(address).content.decode()
    as_member(ada).post(address, {"role": "nurse", "is_clinic_admin": "on"})
    bob.refresh_from_db()
    assert (bob.role, bob.is_clinic_admin) == ("nurse", True)


def test_the_last_administrator_is_told_why_not(as_member: AsMember, ada: Membership) -> None:
    answer = as_member(ada).post(reverse("member_disable", args=[ada.public_id]))
    assert (answer.status_code, "no administrator" in answer.content.decode()) == (422, True)


def test_another_clinics_person_is_not_found(as_member: AsMember, ada: Membership, charlie: Membership) -> None:
    for name in ("member", "member_disable", "member_enable", "member_second_factor"):
        assert as_member(ada).post(reverse(name, args=[charlie.public_id])).status_code == 404


def test_the_second_factor_of_an_account_that_opens_another_clinic_has_no_button(
    as_member: AsMember, ada: Membership, bob: Membership, charlie: Membership
) -> None:
    elsewhere = Membership.objects.create(user=with_app(charlie).user, clinic=ada.clinic, role="nurse")
    shown = as_member(ada).get(reverse("member", args=[elsewhere.public_id])).content.decode()
    assert "only an administrator there removes its second factor" in shown
    assert reverse("member_second_factor", args=[elsewhere.public_id]) not in shown
    assert as_member(ada).post(reverse("member_second_factor", args=[elsewhere.public_id])).status_code == 403
    own = as_member(ada).get(reverse("member", args=[with_app(bob).public_id])).content.decode()
    assert reverse("member_second_factor", args=[bob.public_id]) in own
