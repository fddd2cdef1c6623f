"""Who works in a clinic: invited, changed, disabled and let in again by its administrators.

An invitation is a signed link for one address, once, for a week. A clinic always keeps an administrator who can sign
in. A disabled person's sessions end with the act, in the same transaction.
"""

from datetime import datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from titration.domain.errors import DomainError
from titration.membership import active_membership, opens_another_clinic
from titration.models import Clinic, Invitation, Membership, Role, Session, User
from titration.permissions import Action, PermissionRefused, check_can
from titration.services.audit import audited, record_event
from titration.services.clock import Clock
from titration.services.drafts import Key
from titration.services.writing import check_codes, journey, moved, store

INVITED_FOR = timedelta(days=7)
NO_SESSION = UUID(int=0)
_SALT = "titration.invitation"
NO_LONGER = "This link is no longer good. Ask the administrator who sent it for another."
LAST_ADMIN = "This clinic would have no administrator who can sign in. Make somebody else an administrator first."

GUARDS_ANOTHER = (
    "This account opens the records of another clinic: only an administrator there removes its second factor."
)


@journey("invitation.sent")
def invite(
    *, actor: Membership, email: str, role: str, is_clinic_admin: bool, now: datetime, key: Key | None = None
) -> Invitation:
    """Raises DomainError for an address that works here or was invited already."""
    check_can(actor, Action.MANAGE_CLINIC)
    check_codes([role], Role.values, "role")
    address = email.strip().lower()
    _end_expired(actor.clinic, address, now)
    if Membership.objects.filter(clinic=actor.clinic, user__email=address).exists():
        raise DomainError("This person is in the list already. Enable them there if they are disabled.")
    invitation = store(
        Invitation(
            clinic=actor.clinic, email=address, role=role, is_clinic_admin=is_clinic_admin, invited_by=actor.user,
            invited_at=now, expires_at=now + INVITED_FOR,
        )
    )  # fmt: skip
    detail = {"role": role, "admin": is_clinic_admin}
    record_event(clinic=actor.clinic, actor=actor, action="invitation.sent", subject=invitation, detail=detail, now=now)
    return invitation


@journey("invitation.revoked")
def revoke_invitation(*, actor: Membership, invitation: Invitation, now: datetime) -> Invitation:
    check_can(actor, Action.MANAGE_CLINIC)
    moved(_open_now(invitation), revoked_at=now)
    record_event(clinic=actor.clinic, actor=actor, action="invitation.revoked", subject=invitation, now=now)
    return invitation


def invitation_token(invitation: Invitation) -> str:
    return signing.dumps(str(invitation.public_id), salt=_SALT)


def open_invitation(token: str, now: datetime) -> Invitation:
    """The invitation behind a link. Raises DomainError when the link is forged, used, revoked or old."""
    try:
        public_id = signing.loads(token, salt=_SALT)
    except signing.BadSignature as error:
        raise DomainError(NO_LONGER) from error
    found = Invitation.objects.select_related("clinic", "invited_by").filter(
        public_id=public_id, accepted_at=None, revoked_at=None, expires_at__gt=now
    )
    invitation = found.first()
    if invitation is None:
        raise DomainError(NO_LONGER)
    return invitation


def accept_invitation(
    *, invitation: Invitation, full_name: str, password: str, now: datetime, user: User | None = None
) -> Membership:
    """A new person with name and password; or `user`, who has an account with this very address and is signed in."""
    with audited():
        moved(_open_now(invitation).filter(expires_at__gt=now), accepted_at=now)
        person = user or new_person(invitation.email, full_name, password)
        if person.email != invitation.email:
            raise PermissionRefused("This invitation is for another address. Sign out, then open the link again.")
        member = store(
            Membership(
                user=person, clinic=invitation.clinic, role=invitation.role, is_clinic_admin=invitation.is_clinic_admin
            )
        )
        detail = {"role": member.role, "admin": member.is_clinic_admin, "invitation": invitation.public_id}
        record_event(
            clinic=invitation.clinic, actor=person, action="member.joined", subject=member, detail=detail, now=now
        )
    return member


@journey("member.disabled")
def disable_member(*, actor: Membership, member: Membership, now: datetime) -> Membership:
    """At once: every session of the person ends here."""
    _check_may_manage(actor, member)
    _check_an_admin_is_left(actor.clinic, without=member)
    moved(Membership.objects.filter(pk=member.pk, disabled_at=None), disabled_at=now)
    ended = end_sessions(member.user)
    record_event(
        clinic=actor.clinic, actor=actor, action="member.disabled", subject=member, detail={"sessions": ended}, now=now
    )
    return member


@journey("member.enabled")
def enable_member(*, actor: Membership, member: Membership, now: datetime) -> Membership:
    _check_may_manage(actor, member)
    moved(Membership.objects.filter(pk=member.pk, disabled_at__isnull=False), disabled_at=None)
    record_event(clinic=actor.clinic, actor=actor, action="member.enabled", subject=member, now=now)
    return member


@journey("member.changed")
def change_member(
    *, actor: Membership, member: Membership, role: str, is_clinic_admin: bool, now: datetime, key: Key | None = None
) -> Membership:
    """Role and admin bit; they hold from the person's next request on."""
    _check_may_manage(actor, member)
    check_codes([role], Role.values, "role")
    if not is_clinic_admin:
        _check_an_admin_is_left(actor.clinic, without=member)
    before = {"role": member.role, "admin": member.is_clinic_admin}
    member.role, member.is_clinic_admin = role, is_clinic_admin
    member.save(update_fields=["role", "is_clinic_admin"])
    detail = {"before": before, "after": {"role": role, "admin": is_clinic_admin}}
    record_event(clinic=actor.clinic, actor=actor, action="member.changed", subject=member, detail=detail, now=now)
    return member


@journey("second_factor.removed")
def remove_second_factor(*, actor: Membership, member: Membership, now: datetime) -> Membership:
    """For a lost phone: the person signs in by password once more and sets up another. All their sessions end, and
    every clinic that they work for reads it in its audit. It guards the records that the account opens, so it is for
    that clinic's administrators.
    """
    _check_may_manage(actor, member)
    if opens_another_clinic(member):
        raise PermissionRefused(GUARDS_ANOTHER)
    if member.pk == actor.pk:
        raise DomainError("Change your own second factor on your account page.")
    removed, _ = Authenticator.objects.filter(user_id=member.user_id).delete()
    if not removed:
        raise DomainError("This person has no second factor.")
    end_sessions(member.user)
    for place in Membership.objects.filter(user=member.user).select_related("clinic").order_by("pk"):
        record_event(clinic=place.clinic, actor=actor, action="second_factor.removed", subject=place, now=now)
    return member


@audited(Clock.ANY)
def end_own_session(*, user: User, this_key: str | None, which: str, now: datetime) -> int:
    """which: a session's public id, or "others". The session that asks goes on."""
    rows = Session.objects.filter(user=user).exclude(session_key=this_key or "")
    if which != "others":
        rows = rows.filter(public_id=_uuid(which) or NO_SESSION)
    ended, _ = rows.delete()
    member = active_membership(user.pk)
    clinic = member.clinic if member else None
    record_event(clinic=clinic, actor=user, action="session.ended_elsewhere", detail={"sessions": ended}, now=now)
    return ended


def end_sessions(user: User, besides: str | None = None) -> int:
    """How many ended. besides: the key of the session that stays."""
    ended, _ = Session.objects.filter(user=user).exclude(session_key=besides or "").delete()
    return ended


def _check_may_manage(actor: Membership, member: Membership) -> None:
    check_can(actor, Action.MANAGE_CLINIC)
    if member.clinic_id != actor.clinic_id:
        raise PermissionRefused("This person works for another clinic.")


def _check_an_admin_is_left(clinic: Clinic, *, without: Membership) -> None:
    """Two administrators who disable each other at once wait for one another here."""
    Clinic.objects.select_for_update().get(pk=clinic.pk)
    left = Membership.objects.filter(clinic=clinic, is_clinic_admin=True, disabled_at=None, user__is_active=True)
    if not left.exclude(pk=without.pk).exists():
        raise DomainError(LAST_ADMIN)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _open_now(invitation: Invitation) -> QuerySet[Invitation]:
    return Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)


def _end_expired(clinic: Clinic, email: str, now: datetime) -> None:
    """An invitation that ran out makes room for the next."""
    Invitation.objects.filter(
        clinic=clinic, email=email, accepted_at=None, revoked_at=None, expires_at__lte=now
    ).update(revoked_at=now)


def new_person(email: str, full_name: str, password: str) -> User:
    """Somebody who signs in for the first time. Raises DomainError for an address or a password that cannot be."""
    user = User(email=email.lower(), full_name=" ".join(full_name.split()))
    try:
        user.full_clean(exclude=["password"])
        validate_password(password, user)
    except ValidationError as error:
        raise DomainError(" ".join(error.messages)) from error
    user.set_password(password)
    user.save()
    return user
