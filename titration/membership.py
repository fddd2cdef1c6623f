"""For which clinic the signed-in person works, read together with the person in one query.

`request.membership` is the first membership that is not disabled, or None. The backend reads it anew at every
request, so a changed role or a disabled member takes effect in the running session; a person without a membership may
sign in and sees nothing.
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from titration.demo_people import is_of_the_demo
from titration.models.people import Clinic, Membership, User
from titration.selectors.prepared import PreparedRow

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class MembershipBackend(ModelBackend):
    """Django's own sign-in; the person comes with the membership in use."""

    def get_user(self, user_id: int) -> User | None:
        membership = active_membership(user_id)
        if membership is None:
            return _without_membership(super().get_user(user_id))
        user = membership.user
        user.membership_in_use = membership  # type: ignore[attr-defined]
        return user if self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        """Nobody of the demo in production, however they came into its database."""
        if settings.PRODUCTION and is_of_the_demo(getattr(user, "email", "")):
            return False
        return bool(super().user_can_authenticate(user))


def active_membership(user_id: int) -> Membership | None:
    return _ACTIVE(user_id)


_ACTIVE = PreparedRow(
    lambda user_id: Membership.objects.filter(user_id=user_id, disabled_at=None).order_by("pk"),
    Membership,
    user=User,
    clinic=Clinic,
)


def opens_another_clinic(member: Membership) -> bool:
    """Whether the person's account opens the records of another clinic than this membership's at present."""
    in_use = active_membership(member.user_id)
    return in_use is not None and in_use.clinic_id != member.clinic_id


class MembershipMiddleware:
    """Sets `request.membership`; stands after the authentication middleware."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.membership = SimpleLazyObject(lambda: membership_of(request.user))  # type: ignore[attr-defined]
        return self.get_response(request)


def membership_of(user: object) -> Membership | None:
    """The membership that came with the person, else (just signed in, or a test's forced sign-in) read now."""
    if not getattr(user, "is_authenticated", False):
        return None
    if hasattr(user, "membership_in_use"):
        in_use: Membership | None = user.membership_in_use
        return in_use
    return active_membership(getattr(user, "pk", 0))


def _without_membership(user: AbstractBaseUser | None) -> User | None:
    if user is None:
        return None
    user.membership_in_use = None  # type: ignore[attr-defined]
    return user  # type: ignore[return-value]
