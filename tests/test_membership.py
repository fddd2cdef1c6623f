"""Who is at work for which clinic, and that a change takes effect in the running session."""

import pytest
from django.test import Client, RequestFactory

from tests.factories import NOW, make_member
from titration.membership import MembershipBackend, MembershipMiddleware
from titration.models import Membership, User


def test_person_membership_and_clinic_come_in_one_query(alice: Membership, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        user = MembershipBackend().get_user(alice.user_id)
        assert user.membership_in_use == alice
        assert user.membership_in_use.clinic.name == "Spasticity clinic"


def test_a_disabled_membership_is_not_used(alice: Membership, other_clinic) -> None:
    Membership.objects.filter(pk=alice.pk).update(disabled_at=NOW)
    assert MembershipBackend().get_user(alice.user_id).membership_in_use is None
    second = Membership.objects.create(user=alice.user, clinic=other_clinic, role="nurse")
    assert MembershipBackend().get_user(alice.user_id).membership_in_use == second


def test_a_deactivated_person_is_signed_out(alice: Membership) -> None:
    User.objects.filter(pk=alice.user_id).update(is_active=False)
    assert MembershipBackend().get_user(alice.user_id) is None


@pytest.mark.django_db
def test_the_request_carries_it(alice: Membership, client: Client) -> None:
    request = RequestFactory().get("/")
    request.user = MembershipBackend().get_user(alice.user_id)
    MembershipMiddleware(lambda _: None)(request)
    assert request.membership == alice
    assert make_member(alice.clinic) != request.membership
