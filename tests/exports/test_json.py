"""JSON: the documented schema, exact decimals, no names."""

import json

from tests.exports.golden_files import assert_golden
from tests.exports.samples import HOSTILE, ashdown
from titration.domain.record import PlanState
from titration.exports.json_ import write_json


def test_is_as_last_read():
    assert_golden("ashdown-plan.json", write_json(ashdown()))


def test_doses_are_decimal_text_and_never_binary_fractions():
    refuse = {"parse_float": lambda text: (_ for _ in ()).throw(AssertionError(text))}
    assert json.loads(write_json(ashdown()), **refuse)["steps"][0]["daily_mg"] == "50"


def test_keeps_a_hostile_note_as_typed():
    assert json.loads(write_json(ashdown(note=HOSTILE)))["note"] == HOSTILE


def test_a_draft_is_signed_by_nobody():
    plan = json.loads(write_json(ashdown(signed=None, state=PlanState.DRAFT)))["plan"]
    assert (plan["state"], plan["signed"]) == ("draft", None)


def test_holds_no_name_of_the_patient():
    assert b"Ashdown" not in write_json(ashdown())
