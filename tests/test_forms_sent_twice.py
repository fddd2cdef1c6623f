"""Every address that takes a POST, and what keeps it from being answered as saved where it saved nothing.

A form that holds content carries a key, and its journey counts it once by that content. The others hold none: a repeat
finds the state that the first one left, and is answered with that state or refused with a sentence.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from inspect import signature

import pytest

import titration.services
from tests.addresses import NOT_ALLOWED, ROWS, UNREADABLE
from tests.house import House, signed_in
from titration.forms.fields import RELOAD
from titration.models import Membership

# Forms with content: the journey that counts them once.
KEYED = {
    "new_patient": "patient.registered",
    "patient_details": "patient.changed",
    "treatment": "treatment.changed",
    "conditions": "condition.recorded",
    "condition_end": "condition.ended",
    "medicines": "medicine.recorded",
    "medicine_end": "medicine.ended",
    "kidney": "kidney.recorded",
    "interruptions": "interruption.recorded",
    "interruption_note": "interruption.note_written",
    "supply": "supply.dispensed",
    "reviews": "review.planned",
    "review_done": "review.done",
    "review_in_error": "review.entered_in_error",
    "symptom_end": "symptom.ended",
    "log_dose": "dose.changed",
    "log_intake": "intake.recorded",
    "log_sedation": "sedation.recorded",
    "log_effects": "symptoms.recorded",
    "log_signs": "symptoms.recorded",
    "log_response": "scores.recorded",
    "entry_in_error": "entry.entered_in_error",
    "accept_flag": "flag.accepted",
    "flag_contact": "flag.contact",
    "plan_new": "plan.drafted",
    "plan_sign": "plan.signed",
    "plan_hold": "plan.held",
    "plan_resume": "plan.resumed",
    "plan_slow_down": "plan.slowed_down",
    "plan_skip": "plan.skipped",
    "plan_step_back": "plan.stepped_back",
    "plan_stop": "plan.stopped",
    "import_preview": "history.imported",
    "import_undo": "history.import_undone",
    "clinic_settings": "clinic.changed",
    "reasons": "reason.added",
    "reason_rename": "reason.renamed",
    "template_new": "template.saved",
    "template": "template.saved",
    "products": "products.chosen",
    "product_add": "product.added",
    "people": "invitation.sent",
    "member": "member.changed",
}
# Buttons without content, and what is made anew each time.
BY_STATE = {
    "plan_step_confirm": "the same person finds the step confirmed; somebody else's confirmation is a conflict",
    "history_import": "a draft that takes the place of the one before; nothing is on file before the import",
    "reason_retire": "a reason that is retired is retired no second time",
    "template_retire": "guarded by the template's version",
    "template_bring_back": "guarded by the template's version",
    "product_retire": "a product that is retired is retired no second time",
    "product_bring_back": "a product that is offered is brought back no second time",
    "member_disable": "guarded by the member's state",
    "member_enable": "guarded by the member's state",
    "member_second_factor": "without a second factor there is none to remove",
    "invitation_revoke": "guarded by the invitation's state",
    "week": "a paper in the place of the one before",
    "week_paper": "reads on where it stopped",
    "week_fetch": "handed out once",
}
# Nothing of a record is written.
SHOWS_ONLY = {"find_patients", "hand_over", "preview_dose", "plan_draw", "plan_compare", "clinic_preview", "audit"}
# Signing in and a person's own account; what is kept of a form is thrown away.
OWN = {name for name, row in ROWS.items() if row.public or row.own or name.startswith("mfa_")} | {"kept_form"}
TAKES_POST = {name for name, row in ROWS.items() if row.post != NOT_ALLOWED}


def test_every_address_that_takes_a_post_has_its_line() -> None:
    """A new one: in KEYED with its journey where its form holds content, else in BY_STATE with the reason."""
    tables = [set(KEYED), set(BY_STATE), SHOWS_ONLY, OWN & TAKES_POST]
    assert set().union(*tables) == TAKES_POST
    assert sum(map(len, tables)) == len(TAKES_POST)


def journeys() -> Iterator[tuple[str, bool]]:
    """Each journey's action, and whether it counts a form once."""
    for module in pkgutil.walk_packages(titration.services.__path__, "titration.services."):
        for each in vars(importlib.import_module(module.name)).values():
            if callable(each) and (action := getattr(each, "journey", "")):
                yield action, "key" in signature(each).parameters


def test_every_journey_of_a_form_counts_it_once() -> None:
    takes_key = dict(journeys())
    assert {action for action in KEYED.values() if not takes_key.get(action)} == set()


@pytest.fixture
def everybody(alice: Membership, ada: Membership) -> tuple[Membership, Membership]:
    return alice, ada


# Of the house's things these have no such form just now.
ELSEWHERE = {"medicine_end", "interruption_note", "symptom_end", "plan_hold", "plan_resume", "plan_slow_down",
             "plan_skip", "plan_step_back", "import_preview"}  # fmt: skip


@pytest.mark.parametrize("name", [name for name in KEYED if name not in ELSEWHERE])
def test_a_form_without_its_key_saves_nothing(
    name: str, house: House, everybody: tuple[Membership, Membership]
) -> None:
    member = everybody[1] if ROWS[name].who == {"admin"} else everybody[0]
    answer = signed_in(member).post(house.address(name), {"note": "typed"})
    assert answer.status_code == UNREADABLE
    assert RELOAD in answer.content.decode()
