"""What is kept only for a while is gone afterwards: no session, address or typed words go into the next backup."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from tests.abuse.doors import give_password, is_in, with_password
from titration.models import Membership, Session, SharedValue, WeekPaper
from titration.services.expiry import erase_what_ended
from titration.services.week_papers import ask_for_week


def test_sessions_and_kept_forms_are_erased_when_their_time_is_over(alice: Membership) -> None:
    client, now = Client(), timezone.now()
    give_password(client, with_password(alice).user.email)
    cache.set("kept-form:1", "locked words", timeout=1800)
    assert erase_what_ended(now) == 0
    assert is_in(client)
    assert erase_what_ended(now + timedelta(minutes=31)) == 1
    assert not SharedValue.objects.filter(cache_key__contains="kept-form").exists()
    assert erase_what_ended(now + timedelta(hours=13)) == 1
    assert not Session.objects.exists()


def test_a_paper_that_nobody_fetched_is_erased_after_a_day(alice: Membership) -> None:
    now = timezone.now()
    ask_for_week(actor=alice, today=now.date(), now=now)
    assert erase_what_ended(now + timedelta(hours=23, minutes=59)) == 0
    assert erase_what_ended(now + timedelta(hours=24, seconds=1)) == 1
    assert not WeekPaper.objects.exists()


@pytest.mark.django_db
def test_the_rounds_of_reassess_erase_them() -> None:
    cache.set("kept-form:1", "locked words", timeout=1800)
    SharedValue.objects.update(expires=timezone.now() - timedelta(seconds=2))
    call_command("reassess", verbosity=0)
    assert not SharedValue.objects.exists()
