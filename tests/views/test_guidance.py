"""The guidance pages: every rule with its thresholds and sources, the monograph whole, and what is not seen."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from titration.domain.boundaries import load_boundaries
from titration.domain.guidance import load_guidance
from titration.domain.guidance.monograph import load_points, load_unseen
from titration.domain.making_cases import MAKING, load_making_cases
from titration.models import Membership

SignIn = Callable[[Membership], Client]


@pytest.fixture
def shown(as_member: SignIn, bob: Membership) -> str:
    return as_member(bob).get(reverse("guidance")).content.decode()


def test_shows_every_point_of_the_monograph(shown: str) -> None:
    assert all(escape(point.says) in shown and escape(point.here) in shown for point in load_points())


def test_shows_every_rule_with_an_anchor_and_its_thresholds(shown: str) -> None:
    for card in load_guidance().rules:
        assert f'id="{card.code}"' in shown
        assert all(escape(threshold.source) in shown for threshold in card.thresholds)


def test_says_what_the_rules_do_not_see_and_that_nobody_has_signed(shown: str) -> None:
    assert all(escape(unseen.what) in shown for unseen in load_unseen())
    assert "not signed by a pharmacist or physician" in shown


@pytest.mark.parametrize("code", [card.code for card in load_guidance().rules])
def test_about_a_rule_answers_all_that_is_asked(as_member: SignIn, bob: Membership, code: str) -> None:
    shown = as_member(bob).get(reverse("rule", args=[code])).content.decode()
    card = load_guidance().rule(code)
    for heading in ("Purpose", "Intended user", "Inputs", "Logic", "Sources", "Limits", "not consider", "Developer"):
        assert heading in shown
    assert all(escape(line) in shown for line in (*card.trigger, *card.sources, *card.limits))


@pytest.mark.parametrize("code", ["W99", "w1", "x-y"])
def test_an_unknown_rule_is_not_found(as_member: SignIn, bob: Membership, code: str) -> None:
    assert as_member(bob).get(reverse("rule", args=[code])).status_code == 404


@pytest.mark.parametrize("code", [card.code for card in load_guidance().rules])
def test_about_a_rule_shows_the_table_that_the_tests_run(as_member: SignIn, bob: Membership, code: str) -> None:
    shown = as_member(bob).get(reverse("rule", args=[code])).content.decode()
    table = load_making_cases() if code == MAKING else load_boundaries(code)
    assert all(escape(case.words) in shown and escape(case.name) in shown for case in table)
    assert all(escape(case.answer) in shown for case in table)


def test_what_is_not_known_about_a_rule_is_not_provided(as_member: SignIn, bob: Membership) -> None:
    shown = as_member(bob).get(reverse("rule", args=["T1"])).content.decode()
    assert "Funding</th><td>not provided" in shown
    assert "Date of birth</th><td>used, for age" in shown
