"""Case files: what is read, what is refused with the name of the field, and what is answered."""

import io
import json
from typing import Any

import pytest
from django.core.management import call_command

from titration.domain.assess import assess
from titration.domain.case_file import answer, read_case
from titration.domain.errors import MalformedCase
from titration.domain.guidance import load_guidance

GUIDANCE = load_guidance()


def file_of(**fields: Any) -> str:
    taken = [[f"2026-01-{day:02}", "60"] for day in range(1, 21)]
    return json.dumps({"schema": "titration.case/1", "taken": taken, "as_of": "2026-01-20"} | fields)


MALFORMED = {
    "schema": [None, "titration.case/2", 1],
    "exposure_months": ["3", -1, True, 1e9],
    "birth_date": ["01/02/1970", "1970-02-30", 1970, "1000-01-01"],
    "taken": [
        {},
        "60",
        [["2026-01-01"]],
        [["2026-01-01", 60]],
        [["2026-01-01", "6,0"]],
        [["2026-01-01", "1e2"]],
        [["2026-01-01", "-5"]],
        [["20260101", "5"]],
        [["2026-01-01", "5"], ["2026-01-01", "6"]],
        [["2026-01-01", "5", "x"]],
        ["2026-01-01"],
    ],
    "prescribed": [[["2026-01-01", "200.1"]], [["2026-01-01", "5"], ["2026-01-01", "5"]]],
    "plan": [[["2026-01-21", "200.1"]]],
    "missed": [
        [["2026-01-01", 4, 3]],
        [["2026-01-01", 1.5, 3]],
        [["2026-01-01", True, 3]],
        [["2026-01-01", 1, 3], ["2026-01-01", 1, 3]],
    ],
    "sedation": [
        [["2026-01-05", 2]],
        [["2026-01-05T09:00", 5]],
        [["2026-01-05T25:00", 1]],
        [["2026-01-05T09:00", "2"]],
    ],
    "signs": [[["2026-01-13", "sneezing"]], [["2026-13-01", "tremor"]]],
    "conditions": [["unknown_word"], "psychosis", [1]],
    "comedications": [["aspirin"]],
    "egfr": [
        [["2026-01-01", "45"]],
        [["2026-01-01", -1]],
        [["2026-01-01", True]],
        [["2026-01-01", 1000]],
        [["2026-01-01", 45], ["2026-01-01", 46]],
    ],
    "interruptions": [
        [["2026-02-01", "holiday", True]],
        [["2026-02-01", "surgery", "no"]],
        [["2026-02-30", "surgery", False]],
    ],
    "last_dose_at": ["2026-01-01", 5],
    "as_of": [None, "yesterday", "2026-1-2", "9999-12-31"],
    "exposure_month": [3],
}


@pytest.mark.parametrize(
    ("field", "value"), [(field, value) for field, values in MALFORMED.items() for value in values], ids=str
)
def test_refuses_a_malformed_field_by_its_name(field: str, value: object) -> None:
    with pytest.raises(MalformedCase) as refusal:
        read_case(file_of(**{field: value}), GUIDANCE)
    assert refusal.value.sentence.startswith(f"{field}: ")
    assert "\n" not in refusal.value.sentence


@pytest.mark.parametrize(
    "text", ["", "[]", "{", "null", '{"schema": "titration.case/1", "schema": 1}', "[" * 100_000, '{"a": NaN}']
)
def test_refuses_what_is_no_case(text: str) -> None:
    with pytest.raises(MalformedCase):
        read_case(text, GUIDANCE)


def test_accepts_every_field_of_the_schema() -> None:
    case = read_case(
        file_of(
            exposure_months=2.5,
            birth_date="1970-01-01",
            prescribed=[["2026-01-20", "60"]],
            plan=[["2026-01-21", "0"]],
            missed=[["2026-01-05", 1, 3]],
            sedation=[["2026-01-05T09:00", 2]],
            signs=[["2026-01-13", "hallucinations"]],
            conditions=["psychosis"],
            comedications=["opioid"],
            egfr=[["2026-01-01", 45]],
            last_dose_at="2026-01-20T22:00",
            as_of="2026-01-20T23:00:00+01:00",
        ),
        GUIDANCE,
    ).case
    assert case.at is not None
    assert (case.exposure_months, case.sedation[0].grade, case.conditions) == (2.5, 2, {"psychosis"})


def test_reads_what_is_foreseen() -> None:
    ahead = {"interruptions": [["2026-01-25", "surgery", False]], "runs_out_on": "2026-02-01"}
    case = read_case(file_of(**ahead, egfr=[["2026-01-02", 44.5]]), GUIDANCE).case
    assert [(each.kind, each.has_continuity) for each in case.interruptions] == [("surgery", False)]
    assert (str(case.runs_out_on), float(case.egfr[0].egfr)) == ("2026-02-01", 44.5)
    assert {finding.code for finding in assess(case, GUIDANCE).findings} == {"W8", "R1"}


def test_each_day_knows_only_what_was_known_by_then() -> None:
    taken = [[f"2026-01-{day:02}", "60" if day < 20 else "0"] for day in range(1, 21)]
    days = answer(read_case(file_of(taken=taken), GUIDANCE), GUIDANCE, each_day=True)["days"]
    assert [day["date"] for day in days][::19] == ["2026-01-01", "2026-01-20"]
    assert [day["date"] for day in days if any(f["code"] == "W1" for f in day["findings"])] == ["2026-01-20"]


def test_the_order_of_rows_does_not_matter() -> None:
    taken = [[f"2026-01-{day:02}", str(day)] for day in range(1, 21)]
    forward, backward = (read_case(file_of(taken=rows), GUIDANCE).case for rows in (taken, taken[::-1]))
    assert forward == backward


def test_a_plan_is_judged_when_it_is_drawn() -> None:
    plan = [["2026-01-21", "0"]]
    days = answer(read_case(file_of(plan=plan), GUIDANCE), GUIDANCE, each_day=True)["days"]
    assert [day["date"] for day in days if any(f["code"] == "W5" for f in day["findings"])] == ["2026-01-20"]


def test_command_answers_in_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    taken = [[f"2026-01-{day:02}", "60" if day < 20 else "0"] for day in range(1, 21)]
    monkeypatch.setattr("sys.stdin", io.StringIO(file_of(taken=taken)))
    call_command("assess", "-")
    told = json.loads(capsys.readouterr().out)
    (stop,) = told["days"][0]["findings"]
    assert (stop["code"], stop["severity"], stop["since"]) == ("W1", "critical", "2026-01-20")
    assert set(stop) == {"code", "severity", "since", "title", "why", "consider", "evidence", "threshold"}
    assert told["guidance_version"] == GUIDANCE.version


def test_command_names_the_field_and_exits_with_two(capsys: pytest.CaptureFixture[str], tmp_path: Any) -> None:
    path = tmp_path / "case.json"
    path.write_text(file_of(birth_date="soon"))
    with pytest.raises(SystemExit) as ended:
        call_command("assess", str(path))
    assert ended.value.code == 2
    assert capsys.readouterr().err.splitlines() == ["birth_date: expected a date such as 2026-01-31."]
