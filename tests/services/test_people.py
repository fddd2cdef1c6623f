"""Inviting, joining, changing, disabling: each audited, whole or not at all, for administrators alone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.base import SessionBase
from django.core import signing
from django.db import DatabaseError
from django.utils import timezone

from tests.abuse.doors import with_app
from tests.factories import NOW, make_clinic, make_member
from tests.refused_audit import refuse_audit_rows
from titration.domain.errors import DomainError
from titration.models import AuditEvent, Invitation, Membership, Session, User
from titration.permissions import Action, PermissionRefused, can
from titration.services.errors import Conflict
from titration.services.people import (
    INVITED_FOR,
    accept_invitation,
    change_member,
    disable_member,
    enable_member,
    end_own_session,
    invitation_token,
    invite,
    open_invitation,
    remove_second_factor,
    revoke_invitation,
)
from titration.sessions import SessionStore

NEW = {"email": "New.Nurse@Clinic.example", "role": "nurse", "is_clinic_admin": False}
PASSWORD = "quiet-harbour-lantern-4"


@pytest.fixture
def invitation(ada: Membership) -> Invitation:
    return invite(actor=ada, now=NOW, **NEW)


def join(invitation: Invitation, **changes: Any) -> Membership:
    given = {"full_name": "Nora New", "password": PASSWORD, "now": NOW, **changes}
    return accept_invitation(invitation=invitation, **given)


def sign_in(member: Membership) -> SessionBase:
    session = SessionStore()
    session.update({"_auth_user_id": str(member.user_id), "seen_at": timezone.now().timestamp()})
    session.save()
    return session


def test_an_invited_person_joins_with_name_and_password(invitation: Invitation, ada: Membership) -> None:
    member = join(open_invitation(invitation_token(invitation), NOW))
    assert (member.user.email, member.role, member.clinic) == ("new.nurse@clinic.example", "nurse", ada.clinic)
    assert member.user.check_password(PASSWORD)
    told = AuditEvent.objects.order_by("pk").values_list("action", "actor__email")
    assert list(told)[-2:] == [("invitation.sent", ada.user.email), ("member.joined", member.user.email)]


def test_a_link_counts_once(invitation: Invitation) -> None:
    token = invitation_token(invitation)
    join(invitation)
    with pytest.raises(DomainError, match="no longer good"):
        open_invitation(token, NOW)
    with pytest.raises(Conflict):
        join(invitation, full_name="Somebody Else")
    assert User.objects.filter(email=invitation.email).count() == 1


@pytest.mark.parametrize(("later", "is_open"), [(INVITED_FOR - timedelta(seconds=1), True), (INVITED_FOR, False)])
def test_a_link_is_good_for_seven_days(invitation: Invitation, later: timedelta, is_open: bool) -> None:
    token = invitation_token(invitation)
    if is_open:
        assert open_invitation(token, NOW + later) == invitation
    else:
        with pytest.raises(DomainError, match="no longer good"):
            open_invitation(token, NOW + later)


def test_a_revoked_link_opens_nothing(invitation: Invitation, ada: Membership) -> None:
    revoke_invitation(actor=ada, invitation=invitation, now=NOW)
    with pytest.raises(DomainError, match="no longer good"):
        open_invitation(invitation_token(invitation), NOW)


def test_a_forged_link_opens_nothing(invitation: Invitation) -> None:
    for token in ("x", signing.dumps(str(invitation.public_id)), invitation_token(invitation)[:-1] + "_"):
        with pytest.raises(DomainError, match="no longer good"):
            open_invitation(token, NOW)


def test_an_address_is_invited_once_at_a_time_and_again_when_it_ran_out(
    invitation: Invitation, ada: Membership
) -> None:
    with pytest.raises(DomainError, match="open invitation"):
        invite(actor=ada, now=NOW, **NEW)
    assert invite(actor=ada, now=NOW + INVITED_FOR, **NEW).pk != invitation.pk


def test_who_works_here_already_is_not_invited(ada: Membership, bob: Membership) -> None:
    with pytest.raises(DomainError, match="in the list already"):
        invite(actor=ada, email=bob.user.email, role="nurse", is_clinic_admin=False, now=NOW)


def test_a_person_of_another_clinic_joins_with_the_account_they_have(ada: Membership, charlie: Membership) -> None:
    made = invite(actor=ada, email=charlie.user.email, role="nurse", is_clinic_admin=False, now=NOW)
    assert join(made, user=charlie.user).user == charlie.user
    other = invite(actor=ada, email="someone@clinic.example", role="nurse", is_clinic_admin=False, now=NOW)
    with pytest.raises(PermissionRefused):
        join(other, user=charlie.user)


@pytest.mark.parametrize("password", ["short", "password1234", "98765432109876"])
def test_a_weak_password_makes_no_account_and_leaves_the_link_good(invitation: Invitation, password: str) -> None:
    with pytest.raises(DomainError, match="password"):
        join(invitation, password=password)
    assert open_invitation(invitation_token(invitation), NOW) == invitation


def test_disabling_ends_every_session_and_no_one_elses(ada: Membership, bob: Membership, nina: Membership) -> None:
    for member in (bob, bob, nina):
        sign_in(member)
    disable_member(actor=ada, member=bob, now=NOW)
    assert list(Session.objects.values_list("user", flat=True)) == [nina.user_id]
    assert not can(Membership.objects.get(pk=bob.pk), Action.LOG)
    enable_member(actor=ada, member=bob, now=NOW)
    assert Membership.objects.get(pk=bob.pk).disabled_at is None


def test_the_last_administrator_stays(ada: Membership, alice: Membership) -> None:
    for act in (
        lambda: disable_member(actor=ada, member=ada, now=NOW),
        lambda: change_member(actor=ada, member=ada, role="nurse", is_clinic_admin=False, now=NOW),
    ):
        with pytest.raises(DomainError, match="no administrator"):
            act()
    change_member(actor=ada, member=alice, role="clinician", is_clinic_admin=True, now=NOW)
    disable_member(actor=ada, member=ada, now=NOW)


def test_the_admin_bit_alone_gives_no_clinical_right(ada: Membership) -> None:
    clinical = set(Action) - {Action.MANAGE_CLINIC, Action.READ_AUDIT}
    assert {action for action in clinical if can(ada, action)} == set()


def test_a_lost_phone_is_taken_off_the_account(ada: Membership, bob: Membership) -> None:
    sign_in(with_app(bob))
    remove_second_factor(actor=ada, member=bob, now=NOW)
    assert (Authenticator.objects.count(), Session.objects.count()) == (0, 0)
    assert AuditEvent.objects.latest("pk").action == "second_factor.removed"
    with pytest.raises(DomainError, match="no second factor"):
        remove_second_factor(actor=ada, member=bob, now=NOW)


def test_a_removed_second_factor_is_told_in_every_clinic_of_the_person(ada: Membership, bob: Membership) -> None:
    elsewhere = Membership.objects.create(user=bob.user, clinic=make_clinic(), role="nurse")
    remove_second_factor(actor=ada, member=with_app(bob), now=NOW)
    told = AuditEvent.objects.filter(action="second_factor.removed").values_list("clinic", "object_id", "actor")
    assert set(told) == {
        (bob.clinic_id, str(bob.public_id), ada.user_id),
        (elsewhere.clinic_id, str(elsewhere.public_id), ada.user_id),
    }


@pytest.mark.parametrize("guards", [True, False], ids=["the account opens another clinic", "it no longer does"])
def test_a_second_factor_is_removed_only_by_the_clinic_whose_records_it_guards(bob: Membership, guards: bool) -> None:
    """Who works for two clinics sees the records of the first one that has not disabled them."""
    second = Membership.objects.create(user=with_app(bob).user, clinic=make_clinic(), role="nurse")
    admin = make_member(second.clinic, is_clinic_admin=True)
    if guards:
        with pytest.raises(PermissionRefused, match="another clinic"):
            remove_second_factor(actor=admin, member=second, now=NOW)
        refused = AuditEvent.objects.latest("pk")
        assert (refused.action, refused.clinic, refused.detail["attempt"]) == (
            "refused", second.clinic, "second_factor.removed",
        )  # fmt: skip
    else:
        Membership.objects.filter(pk=bob.pk).update(disabled_at=NOW)
        remove_second_factor(actor=admin, member=second, now=NOW)
    assert Authenticator.objects.exists() is guards


def test_nobody_takes_off_their_own_second_factor_here(ada: Membership) -> None:
    with pytest.raises(DomainError, match="account page"):
        remove_second_factor(actor=ada, member=with_app(ada), now=NOW)


def test_one_signs_out_ones_own_other_devices(bob: Membership, nina: Membership) -> None:
    this, other, hers = sign_in(bob), sign_in(bob), sign_in(nina)
    hers_id = str(Session.objects.get(user=nina.user).public_id)
    assert end_own_session(user=bob.user, this_key=this.session_key, which=hers_id, now=NOW) == 0
    assert end_own_session(user=bob.user, this_key=this.session_key, which="others", now=NOW) == 1
    kept = set(Session.objects.values_list("session_key", flat=True))
    assert kept == {this.session_key, hers.session_key}
    assert other.session_key not in kept
    assert AuditEvent.objects.latest("pk").clinic == bob.clinic, "told where its administrator reads"


ACTS: dict[str, Callable[[Membership, Membership], Any]] = {
    "invitation.sent": lambda actor, _: invite(actor=actor, now=NOW, **NEW),
    "member.disabled": lambda actor, member: disable_member(actor=actor, member=member, now=NOW),
    "member.changed": lambda actor, member: change_member(
        actor=actor, member=member, role="nurse", is_clinic_admin=False, now=NOW
    ),
    "second_factor.removed": lambda actor, member: remove_second_factor(actor=actor, member=member, now=NOW),
}


@pytest.mark.parametrize("action", ACTS)
def test_only_an_administrator_and_only_here(action: str, ada: Membership, alice: Membership, bob: Membership) -> None:
    with pytest.raises(PermissionRefused):
        ACTS[action](alice, bob)
    refused = AuditEvent.objects.latest("pk")
    assert (refused.action, refused.detail["attempt"]) == ("refused", action)
    if action != "invitation.sent":
        with pytest.raises(PermissionRefused):
            ACTS[action](make_member(make_clinic("Elsewhere"), is_clinic_admin=True), bob)


@pytest.mark.parametrize("action", ACTS)
def test_a_failing_audit_rolls_everything_back(action: str, ada: Membership, bob: Membership) -> None:
    sign_in(with_app(bob))
    tables = (Membership, Invitation, Session, Authenticator)
    before = [list(table.objects.order_by("pk").values_list()) for table in tables]
    refuse_audit_rows()
    with pytest.raises(DatabaseError):
        ACTS[action](ada, bob)
    assert [list(table.objects.order_by("pk").values_list()) for table in tables] == before
