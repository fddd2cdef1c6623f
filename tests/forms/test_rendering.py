"""Controls that we write ourselves are those that Django's templates write."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html

from titration.forms.rendering import PlainControls

HOSTILE = "\"><script>alert(1)</script>'&"
CHOICES = [("", "Choose"), (HOSTILE, HOSTILE), ("Group <b>", [("a", "A & B"), ("b", "B")])]
FLAT = [("a", "A & B"), (HOSTILE, HOSTILE)]
ATTRS = {"id": "id_x", "class": HOSTILE, "autofocus": True, "hidden": False, "maxlength": 5}


@pytest.mark.parametrize("value", [None, "", "b", HOSTILE, 25])
@pytest.mark.parametrize(
    "widget",
    [
        forms.TextInput(),
        forms.HiddenInput(),
        forms.DateInput(),
        forms.EmailInput(),
        forms.PasswordInput(render_value=True),
        forms.Textarea(),
        forms.Select(choices=CHOICES),
        forms.RadioSelect(choices=FLAT),
        forms.CheckboxSelectMultiple(choices=FLAT),
        forms.CheckboxInput(),
        forms.NumberInput(),
    ],
    ids=lambda widget: type(widget).__name__,
)
def test_a_control_is_the_one_that_django_writes(widget: forms.Widget, value: object) -> None:
    ours = widget.render("x", value, dict(ATTRS), renderer=PlainControls())
    theirs = widget.render("x", value, dict(ATTRS), renderer=DjangoTemplates())
    assert parse_html(ours) == parse_html(theirs)


@pytest.mark.parametrize("widget", [forms.RadioSelect(choices=FLAT), forms.CheckboxSelectMultiple(choices=FLAT)])
def test_each_choice_of_a_list_is_the_one_that_django_writes(widget: forms.RadioSelect) -> None:
    for option in widget.options("x", ["a"], {"id": "id_x"}):
        ours = PlainControls().render(option["template_name"], {"widget": option})
        assert parse_html(ours) == parse_html(DjangoTemplates().render(option["template_name"], {"widget": option}))
