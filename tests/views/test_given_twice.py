"""A field that is given twice is refused, wherever it stands: of two values nobody knows which one was meant."""

from importlib import import_module
from pkgutil import iter_modules
from urllib.parse import urlencode

import pytest
from django import forms
from django.urls import reverse

import titration.forms
from tests.views.plan_acts import SignIn
from titration.models import Membership, Patient, RegimenChange
from titration.odd_requests import MANY


def test_a_dose_given_twice_is_not_chosen_from(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    before = RegimenChange.objects.count()
    address = reverse("log_dose", args=[patient.public_id])
    answer = as_member(alice).post(
        address, urlencode([("evening", "5"), ("evening", "50")]), content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 400
    assert "This holds more than one value for “Evening”." in answer.content.decode()
    assert RegimenChange.objects.count() == before


@pytest.mark.parametrize("query", ["show=critical&show=all", "page=1&page=2"])
def test_so_is_a_question_in_an_address(as_member: SignIn, alice: Membership, query: str) -> None:
    assert as_member(alice).get(f"{reverse('worklist')}?{query}").status_code == 400


def test_what_may_be_ticked_more_than_once_is_in_one_list() -> None:
    """A new form of that kind says so; and nothing else does."""
    fields = {name: field for form in forms_of_the_product() for name, field in form.base_fields.items()}
    ticked = {name for name, field in fields.items() if isinstance(field, forms.MultipleChoiceField)}
    assert ticked == MANY


def forms_of_the_product() -> list[type[forms.BaseForm]]:
    for module in iter_modules(titration.forms.__path__):
        import_module(f"titration.forms.{module.name}")
    found, waiting = [], [forms.BaseForm]
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        if form.__module__.startswith(titration.forms.__name__):
            found.append(form)
    return found
