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


# What decision support is asked to tell: FDA criterion 4, the ONC's source attributes, and UK guidance.
ATTRIBUTES = {
    "Citation of the evidence": "Sources",
    "Developer": "The titration project",
    "Funding": "not provided",
    "Released and revised": "version",
    "Patients it is for": "People who take oral baclofen",
    "Where the inputs come from": "people in the clinic",
    "Values that are missing or unexpected": "never taken as zero",
    "Kind of logic": "Fixed rules",
    "Data set it was developed on": "none",
    "Date of birth": "used",
    "Sex, gender identity, sexual orientation": "not used",
    "Race, ethnicity, language": "not used",
    "Social circumstances, health status assessments": "not used",
    "Clinical validation": "not provided",
    "Signed by a pharmacist or physician": "not provided",
    "Clinical safety case, hazard log and clinical safety officer (UK, DCB0129)": "not provided",
    "Assessment against standards for digital health technologies (UK, NICE, DTAC)": "not provided",
    "Certification as a medical device (CE, UKCA, FDA)": "not provided",
}


@pytest.mark.parametrize("code", [card.code for card in load_guidance().rules])
def test_every_attribute_that_is_asked_for_is_answered_also_where_the_answer_is_no(
    as_member: SignIn, bob: Membership, code: str
) -> None:
    shown = as_member(bob).get(reverse("rule", args=[code])).content.decode()
    table = shown.split('id="developer"', 1)[1]
    for name, answer in ATTRIBUTES.items():
        row = table.split(f'<th scope="row">{name}</th>', 1)[1].split("</tr>", 1)[0]
        assert answer in row, name


def test_only_rules_that_read_the_age_use_the_date_of_birth(as_member: SignIn, bob: Membership) -> None:
    client = as_member(bob)
    reads = {
        card.code
        for card in load_guidance().rules
        if "Date of birth</th><td>used, for age" in client.get(reverse("rule", args=[card.code])).content.decode()
    }
    assert reads == {"T1", "R1"}
