"""What all workers share stands for as long as it was given, however much is put beside it; what has ended goes."""

import pytest
from django.core.cache import cache
from django.test import Client

from tests.abuse.doors import code_of, give_code, give_password, is_in, with_app
from titration.models import AuditEvent, Membership, SharedValue

# Django's own table starts to delete at 300.
MANY = 301


def crowd(beside: str) -> None:
    """As many askers for a new password leave it behind."""
    SharedValue.objects.bulk_create(
        SharedValue(cache_key=f":1:{beside}{number:03}", value="gAQu", expires="2099-01-01T00:00Z")
        for number in range(MANY)
    )


def test_row_01_a_crowd_of_other_attempts_ends_nobodys_throttle(alice: Membership) -> None:
    client = Client()
    give_password(client, with_app(alice).user.email)
    for _ in range(6):
        give_code(client, "000000")
    crowd("allauth:rl:zzz")
    assert "Wait five minutes" in give_code(client, code_of(alice)).content.decode()
    assert not is_in(client)


@pytest.mark.django_db
def test_what_has_ended_makes_room() -> None:
    crowd("a")
    SharedValue.objects.update(expires="2001-01-01T00:00Z")
    cache.set("b", 1, timeout=60)
    assert SharedValue.objects.count() == 1


@pytest.mark.parametrize("written", ["{}-{}", "{} {}", "{}{}", "-{}.{}-"])
def test_row_03_a_code_is_not_used_again_in_another_spelling(alice: Membership, written: str) -> None:
    """allauth forgets a used code after one of the three periods for which it is accepted."""
    code = code_of(with_app(alice))
    first, second = Client(), Client()
    give_password(first, alice.user.email)
    give_code(first, code)
    SharedValue.objects.exclude(cache_key__contains="used-code").delete()
    give_password(second, alice.user.email)
    give_code(second, written.format(code[:3], code[3:]))
    assert (is_in(first), is_in(second)) == (True, False)
    assert AuditEvent.objects.filter(action="second_factor.refused", actor=alice.user).count() == 1
