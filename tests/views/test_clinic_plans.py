"""The clinic's plan templates and products on their pages: for its administrator alone."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_template
from titration.models import Clinic, Membership, PlanTemplate

SignIn = Callable[[Membership], Client]


def typed(**changes: Any) -> dict[str, Any]:
    usual = {
        "key": str(uuid4()), "version": "0", "name": "Ward taper", "kind": "taper", "step": "10", "step_days": "7",
        "change_at": "30", "second_percent": "10", "second_step_days": "14", "target": "0", "order": "day_first",
        "products": ["tablet-10-halves"], "source": "Ward protocol", "note": "For the ward.",
    }  # fmt: skip
    return {**usual, **changes}


def shown(answer: Any) -> str:
    return answer.content.decode().replace("\u00a0", " ")


def test_an_administrator_saves_changes_retires_and_brings_back(as_member: SignIn, ada: Membership) -> None:
    client = as_member(ada)
    client.post(reverse("template_new"), typed())
    first = PlanTemplate.objects.get()
    assert (first.change_at_mcg, first.second_percent, first.dose_order) == (30_000, "10", "day_first")
    address = reverse("template", args=[first.template_id])
    page = shown(client.get(address))
    assert 'name="change_at" value="30"' in page
    assert "Save as version 2" in page
    client.post(address, typed(version="1", step="5"))
    assert "5 mg every 7 days to 30 mg/day, then 10 % of the dose every 14 days" in shown(
        client.get(reverse("templates"))
    )
    client.post(reverse("template_retire", args=[first.template_id]), {"version": "2"})
    assert "<h2>Retired</h2>" in shown(client.get(reverse("templates")))
    client.post(reverse("template_bring_back", args=[first.template_id]), {"version": "3"})
    assert "<h2>Retired</h2>" not in shown(client.get(reverse("templates")))
    assert list(PlanTemplate.objects.order_by("version").values_list("version", flat=True)) == [1, 2, 3, 4]
    assert shown(client.get(address)).count("<b>Version") == 4


ONLY_LENGTH = {"step": "", "step_days": "", "change_at": "", "second_percent": "", "second_step_days": "", "days": "21"}


def test_a_taper_over_a_number_of_days_is_saved_and_read_back(as_member: SignIn, ada: Membership) -> None:
    client = as_member(ada)
    client.post(reverse("template_new"), typed(**ONLY_LENGTH))
    first = PlanTemplate.objects.get()
    assert (first.way, first.days, first.step_days) == ("over_days", 21, None)
    assert "<p>over 21 days to 0 mg/day</p>" in shown(client.get(reverse("templates")))
    address = reverse("template", args=[first.template_id])
    assert 'name="days" value="21"' in shown(client.get(address))
    client.post(address, typed(**{**ONLY_LENGTH, "days": "28"}, version="1"))
    page = shown(client.get(address))
    assert "over 21 days to 0 mg/day" in page
    assert "over 28 days to 0 mg/day" in page
    client.post(address, typed(version="2"))
    assert 'name="days" value=' not in shown(client.get(address))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({**ONLY_LENGTH, "days": "0"}, "whole number from 1"),
        ({**ONLY_LENGTH, "days": "367"}, "to 366"),
        ({**ONLY_LENGTH, "step": "5"}, "Leave this empty"),
        ({**ONLY_LENGTH, "second_step_days": "7"}, "Leave this empty"),
        ({**ONLY_LENGTH, "kind": "titration", "target": "60"}, "A titration has steps of a size"),
        ({**ONLY_LENGTH, "days": ""}, "one of them"),
        ({"step_days": ""}, "1 or more"),
        ({"step_days": "0"}, "whole number from 1"),
        ({"second_step_days": ""}, "1 or more"),
        ({"change_at": ""}, "at which the second pace begins"),
        ({"percent": "10"}, "one of them"),
        ({"step": ""}, "one of them"),
        ({"second_step": "5"}, "one of the two"),
        ({"target": "40"}, "not below"),
        ({"change_at": "200.1"}, "above the 200 mg/day"),
        ({"step": "2.5"}, "It needs oral solution"),
        ({"source": ""}, "where this pace comes from"),
        ({"kind": "titration"}, "fits a titration"),
        ({"version": "4"}, "Somebody changed this template"),
    ],
)
def test_what_breaks_a_limit_is_refused_and_kept(
    as_member: SignIn, ada: Membership, changes: dict[str, str], sentence: str
) -> None:
    answer = as_member(ada).post(reverse("template_new"), typed(**changes))
    assert answer.status_code in (409, 422)
    assert sentence in shown(answer)
    assert "For the ward." in shown(answer)
    assert not PlanTemplate.objects.exists()


def test_another_clinics_template_is_not_there(as_member: SignIn, ada: Membership, charlie: Membership) -> None:
    theirs = make_template(charlie).template_id
    client = as_member(ada)
    assert client.get(reverse("template", args=[theirs])).status_code == 404
    for name in ("template_retire", "template_bring_back"):
        assert client.post(reverse(name, args=[theirs]), {"version": "1"}).status_code == 404


def test_hostile_words_are_inert(as_member: SignIn, ada: Membership) -> None:
    client = as_member(ada)
    client.post(reverse("template_new"), typed(name='"><svg onload=alert(1)>{{7*7}}'))
    page = shown(client.get(reverse("templates")))
    assert "<svg onload" not in page
    assert "{{7*7}}" in page


def test_an_administrator_chooses_and_adds_products(as_member: SignIn, ada: Membership) -> None:
    client = as_member(ada)
    client.post(reverse("products"), {"products": ["tablet-5", "liquid-5-in-5"]})
    own = {"name": "Ward suspension", "form": "liquid", "strength": "50", "volume": "5", "source": "Ward formula"}
    client.post(reverse("product_add"), own)
    clinic = Clinic.objects.get(pk=ada.clinic_id)
    assert [product.code for product in clinic.offered_products] == ["tablet-5", "liquid-5-in-5", "own-1"]
    page = shown(client.get(reverse("products")))
    assert "50 mg/5 mL, measured in mL" in page
    client.post(reverse("product_retire", args=["own-1"]))
    assert "Bring back" in shown(client.get(reverse("products")))
    client.post(reverse("product_bring_back", args=["own-1"]))
    assert "Bring back" not in shown(client.get(reverse("products")))


@pytest.mark.parametrize(
    ("name", "fields", "sentence"),
    [
        ("products", {"products": []}, "at least one product"),
        ("product_add", {"name": "X", "form": "tablet", "strength": "99", "source": "Y"}, "up to 50 mg"),
        ("product_add", {"name": "X", "form": "liquid", "strength": "5", "source": "Y"}, "needs the volume"),
        ("product_add", {"name": "X", "form": "granules", "strength": "5", "source": "Y", "may_be_halved": "on"},
         "Only a tablet"),
    ],
)  # fmt: skip
def test_a_product_list_is_refused_with_a_sentence(
    as_member: SignIn, ada: Membership, name: str, fields: dict[str, Any], sentence: str
) -> None:
    answer = as_member(ada).post(reverse(name), fields)
    assert answer.status_code == 422
    assert sentence in shown(answer)


def test_the_menu_leads_an_administrator_there(as_member: SignIn, ada: Membership, alice: Membership) -> None:
    for name in ("templates", "products"):
        link = f'href="{reverse(name)}"'
        assert link in shown(as_member(ada).get("/"))
        assert link not in shown(as_member(alice).get("/"))
