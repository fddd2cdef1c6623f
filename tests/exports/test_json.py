"""JSON: the documented schema, exact decimals, no names."""

import json
from datetime import date
from pathlib import Path

import pytest

from tests.exports.golden_files import assert_golden
from tests.exports.samples import HOSTILE, ashdown, building_up, half_a_year, two_steps_in_a_week
from tests.exports.schema_checker import check
from titration.domain.record import PlanState
from titration.exports import json_
from titration.exports.document import PlanDocument
from titration.exports.json_ import write_json

SCHEMA = json.loads((Path(json_.__file__).parent / "plan.schema.json").read_text(encoding="utf-8"))


def test_is_as_last_read():
    assert_golden("ashdown-plan.json", write_json(ashdown()))


@pytest.mark.parametrize(
    "plan", [ashdown(), building_up(), half_a_year(), two_steps_in_a_week(), ashdown(signed=None, replaces=None)]
)
def test_is_as_the_published_schema_says(plan: PlanDocument):
    check(json.loads(write_json(plan)), SCHEMA, SCHEMA)


def test_the_schema_refuses_a_dose_as_a_number():
    plan = json.loads(write_json(ashdown()))
    plan["steps"][0]["daily_mg"] = 50
    with pytest.raises(AssertionError, match="50 is no string"):
        check(plan, SCHEMA, SCHEMA)


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


def test_a_plan_on_hold_says_until_when_it_stood_and_which_steps_do():
    plan = json.loads(write_json(ashdown(state=PlanState.HELD, held_on=date(2026, 11, 25))))
    assert plan["plan"]["stands_until"] == "2026-11-25"
    assert [step["stands"] for step in plan["steps"]] == [True] * 2 + [False] * 8
    check(plan, SCHEMA, SCHEMA)
