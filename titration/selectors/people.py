"""The people of a clinic and the sessions of a person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from titration.models import Invitation, Membership, Session, User
from titration.selectors.objects import NOT_FOUND

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def people_of(membership: Membership) -> QuerySet[Membership]:
    """Everybody who works or worked in the clinic, with `has_second_factor`; those who may sign in first."""
    factor = Authenticator.objects.filter(user_id=OuterRef("user_id"), type__in=FACTORS)
    here = Membership.objects.filter(clinic_id=membership.clinic_id).select_related("user", "clinic")
    return here.annotate(has_second_factor=Exists(factor)).order_by("disabled_at", "user__full_name", "pk")


def get_member(membership: Membership, public_id: UUID) -> Membership:
    member = people_of(membership).filter(public_id=public_id).first()
    if member is None:
        raise Http404(NOT_FOUND)
    return member


def open_invitations(membership: Membership, now: datetime) -> list[Invitation]:
    waiting = Invitation.objects.filter(clinic_id=membership.clinic_id, accepted_at=None, revoked_at=None)
    return list(waiting.filter(expires_at__gt=now).select_related("invited_by").order_by("-invited_at"))


def get_invitation(membership: Membership, public_id: UUID) -> Invitation:
    found = Invitation.objects.filter(clinic_id=membership.clinic_id, public_id=public_id).first()
    if found is None:
        raise Http404(NOT_FOUND)
    return found


def person_with(email: str) -> User | None:
    return User.objects.filter(email=email).first()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    public_id: UUID
    browser: str
    address: str
    began_at: datetime | None
    seen_at: datetime | None
    is_this: bool


def sessions_of(user: User, this_key: str | None, *, since: datetime) -> list[OpenSession]:
    """Those that were used since that instant, the newest first; older ones are over though their rows are not gone."""
    rows = Session.objects.filter(user=user, seen_at__gt=since).order_by("-seen_at")
    return [
        OpenSession(
            public_id=row.public_id, browser=row.browser, address=row.address or "", began_at=row.began_at,
            seen_at=row.seen_at, is_this=row.session_key == this_key,
        )
        for row in rows
    ]  # fmt: skip
