"""Every place that says a day's dose, put beside what is prescribed on that day: pages, lists, papers, files, pictures.

prescribed is kept by hand (`prescribed_by_hand`); taken is the record's own, since reports override by their own rules.
"""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from tests.exports.calendar_checker import days_of, read_calendar
from titration.charts.build import chart_model
from titration.domain.assess import assess
from titration.domain.banner import banner_of
from titration.domain.case import case_from
from titration.domain.confirming import unsettled
from titration.domain.days import show_near_day
from titration.domain.guidance import load_guidance
from titration.domain.handover import handover
from titration.domain.history import prescribed_history, step_counts, taken_history
from titration.domain.planning.words import change_words, percent_words
from titration.domain.record import PatientRecord
from titration.domain.timeline import timeline
from titration.domain.units import format_mg, show_mg_per_day
from titration.exports import FORMATS
from titration.exports.json_ import plan_values
from titration.exports.sheet import sheet_values
from titration.exports.week import week_rows
from titration.models import Plan
from titration.selectors.plan_file import plan_steps
from titration.selectors.week_papers import steps_of_week
from titration.selectors.worklist import worklist
from titration.views.plan_detail import _step_rows
from titration.views.plan_document import plan_document
from titration.views.plan_page import PlanScene, made_steps

GUIDANCE = load_guidance()
ONE_DAY = timedelta(days=1)


def mcg(text: Any) -> int:
    """Of "7.5", "7.5 mg", "7.5 mg/day"."""
    number = str(text).replace("\u00a0", " ").replace("\u2212", "-").split(" ")[0]
    return round(float(number) * 1000)


def plans_of(course: Any, record: PatientRecord) -> Iterator[tuple[Any, Any]]:
    """Each signed version with its scene."""
    rows = Plan.objects.filter(patient=course.patient, signed_at__isnull=False).select_related("patient__clinic")
    entries = {entry.id: entry for entry in record.plans}
    for plan in rows.order_by("number", "version"):
        entry = entries[str(plan.public_id)]
        steps, unmade = made_steps(plan, entry)
        yield plan, PlanScene(
            patient=course.patient, record=record, plan=plan, entry=entry, rows=tuple(plan_steps(plan)), steps=steps,
            unmade=unmade, today=course.today, guidance=GUIDANCE,
        )  # fmt: skip


def check_pages(course: Any, record: PatientRecord) -> None:
    """After each act: the banner, the worklist's step, the page of each signed plan, the week."""
    check_banner(course, record)
    check_worklist(course, record)
    scenes = list(plans_of(course, record))
    check_week(course, {plan.public_id: scene for plan, scene in scenes})
    for plan, scene in scenes:
        check_step_table(course, plan, scene)


def check_everything(course: Any) -> None:
    record = course.record()
    check_pages(course, record)
    check_handover(course, record)
    check_chart(course, record)
    check_timeline(course, record)
    for plan, scene in plans_of(course, record):
        check_papers(course, plan, scene)


def check_banner(course: Any, record: PatientRecord) -> None:
    taken, prescribed = taken_history(record).on(course.today.toordinal()), course.model.mcg_on(course.today)
    banner = banner_of(record, today=course.today, guidance=GUIDANCE)
    facts = {fact.label: fact.figure for fact in banner.facts}
    assert facts["Taken"] == ("unknown" if taken is None else format_mg(taken))
    assert facts.get("Prescribed", facts["Taken"]) == ("unknown" if prescribed is None else format_mg(prescribed))
    coming = [day for day, takes in course.model.course
              if day > course.today and course.model.mcg_on(day) != course.model.mcg_on(day - ONE_DAY)]  # fmt: skip
    said = show_mg_per_day(course.model.mcg_on(coming[0]) or 0) if coming else ""
    assert banner.ahead == (f"From {show_near_day(coming[0], beside=course.today)}: {said}" if coming else "")


def check_worklist(course: Any, record: PatientRecord) -> None:
    view = worklist(course.alice, course.now)
    if course.patient.treatment_status != "under_treatment":
        assert not view.rows
        return
    taken = taken_history(record)
    first = (course.today - timedelta(days=55)).toordinal()
    week = steps_to_come(course, course.today + timedelta(days=6))
    steps = [row for row in view.rows if row.kind == "step"]
    for row in view.rows:
        assert list(row.spark) == taken.span(first, course.today.toordinal()), "the sparkline"
    coming = [row for row in steps if row.due_on and row.due_on >= course.today]
    assert [(row.due_on, row.more) for row in coming] == ([(week[0], len(week) - 1)] if week else [])
    for row in coming:
        assert (row.from_mcg, row.to_mcg) == (
            course.model.mcg_on(row.due_on - ONE_DAY), course.model.mcg_on(row.due_on),
        )  # fmt: skip
    asked = next((row.asked for row in steps if row.asked), None)
    live = course.live()
    if live is not None and asked is not None:
        assert asked.difference == unsettled(record, live.number, course.today)


def steps_to_come(course: Any, last: date) -> list[date]:
    """From today on, of plans that are not over: a step that began on the day its plan was stopped is no duty."""
    rows = Plan.objects.filter(patient=course.patient, signed_at__isnull=False).order_by("version")
    state = {plan.number: plan.state for plan in rows}
    over = {number for number, last_state in state.items() if last_state in ("stopped", "completed")}
    steps = {day for day, (number, _) in course.model.steps.items() if number not in over}
    return sorted(day for day in steps - set(course.model.changes) if course.today <= day <= last)


def check_step_table(course: Any, plan: Any, scene: Any) -> None:
    """Of the steps that stand or stood: the change of each is the difference to the day before."""
    for row, step in zip(_step_rows(scene), scene.steps, strict=True):
        if step.starts_on in course.model.steps and step_counts(scene.entry, step.starts_on):
            now, before = course.model.mcg_on(step.starts_on), course.model.mcg_on(step.starts_on - ONE_DAY)
            assert row.daily_mcg == now
            if before is not None:
                assert row.change == change_words(before, now), f"step {row.number} of {plan}"
                assert row.percent == percent_words(before, now)


def check_week(course: Any, scenes: dict[UUID, Any]) -> None:
    found = steps_of_week(course.alice, course.today)
    said = []
    for _, plan_id in found.plans:
        rows = week_rows(paper_of(course, scenes[plan_id]), found.first_on, found.last_on)
        said += [(date.fromisoformat(str(row["on"])), mcg(row["from"]), mcg(row["to"])) for row in rows]
    if course.patient.treatment_status != "under_treatment":
        assert not said
        return
    days = steps_to_come(course, found.last_on)
    expected = [(day, course.model.mcg_on(day - ONE_DAY), course.model.mcg_on(day)) for day in days]
    assert [(day, to) for day, _, to in sorted(said)] == [(day, to) for day, _, to in expected]
    known = [each for each in expected if each[1] is not None]
    assert [each for each in sorted(said) if course.model.on(each[0] - ONE_DAY)] == known


def paper_of(course: Any, scene: Any) -> Any:
    return plan_document(course.request, scene, FORMATS["days.csv"])


def check_papers(course: Any, plan: Any, scene: Any) -> None:
    paper, model = paper_of(course, scene), course.model
    where = f"{plan} {plan.state} held {plan.held_on} ended {plan.ended_on}"
    for day in paper.due_days():
        assert day.step.regimen == model.on(day.on), f"days of {where}: {day.on}"
    check_files(course, paper, where)
    for dose in (*paper.until_first, *paper.standing):
        assert dose.regimen == model.on(dose.starts_on)
    if plan.state in ("running", "held"):
        check_calendar(course, paper)
        if course.today < paper.starts_on and paper.stands_on(paper.starts_on):
            assert paper.start == model.on(paper.starts_on - ONE_DAY), "start"
    if plan.state == "running":
        rows = sheet_values(paper)["table"]["rows"]  # type: ignore[index]
        assert [mcg(row["daily"]) for row in rows] == [model.mcg_on(step.starts_on) for step in paper.steps]


def check_files(course: Any, paper: Any, where: str) -> None:
    """What a file says stands is what is prescribed on its day, and its change that against the day before."""
    model, text = course.model, FORMATS["steps.csv"].write(paper).decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["stands"] == "yes"]
    steps: Any = plan_values(paper)["steps"]
    for row in [*rows, *(step for step in steps if step["stands"])]:
        on = date.fromisoformat(row["starts_on"])
        assert mcg(row["daily_mg"]) == model.mcg_on(on), f"steps of {where}: {on}"
        if model.on(on - ONE_DAY):
            assert mcg(row["change_mg"]) == model.mcg_on(on) - model.mcg_on(on - ONE_DAY), f"change, {where}: {on}"


def check_calendar(course: Any, paper: Any) -> None:
    """Days are told once, and with the dose that is prescribed."""
    told: dict[date, int] = {}
    for event in read_calendar(FORMATS["calendar.ics"].write(paper)):
        if event["STATUS"] == "CANCELLED" or "review" in event["SUMMARY"]:
            continue
        first, until = days_of(event)
        total = 0 if "no more" in event["SUMMARY"] else mcg(event["SUMMARY"].removeprefix("baclofen "))
        for offset in range((until - first).days):
            day = first + timedelta(days=offset)
            assert day not in told, f"two events on {day}"
            told[day] = total
    for day, total in told.items():
        assert total == course.model.mcg_on(day), f"calendar: {day}"


def check_handover(course: Any, record: PatientRecord) -> None:
    since = course.today - timedelta(days=9)
    page = handover(record, since=since, seen_words="", today=course.today)
    row = page.rows[0]
    for day, words in ((since, row[1]), (course.today, row[2])):
        takes = course.model.on(day)
        if takes is not None or words != "not on file":
            assert mcg(words) == (takes.daily_mcg if takes else 0)
    coming = [(day, takes) for day, takes in course.model.course if day > course.today][:2]
    assert [mcg(words) for _, words in page.coming] == [takes.daily_mcg for _, takes in coming]


def check_chart(course: Any, record: PatientRecord) -> None:
    assessment = assess(case_from(record, course.today), GUIDANCE)
    band = chart_model(record, assessment, today=course.today, guidance=GUIDANCE).dose
    taken, prescribed = taken_history(record), prescribed_history(record)
    assert [(step.day, step.mcg) for step in band.prescribed] == list(
        zip(prescribed.days, prescribed.values, strict=True)
    )
    for step in band.taken:
        assert step.mcg == taken.on(step.day) or step.day > course.today.toordinal()
    for line in band.lines:
        for run in line.runs:
            if line.kind == "prescribed":
                assert run.mcg == prescribed.on(run.first) == prescribed.on(run.until - 1)
            live = course.live()
            if line.kind == "plan" and live and live.state == "running" and run.first > course.today.toordinal():
                assert run.mcg == prescribed.on(run.first), f"plan line {date.fromordinal(run.first)}"


def check_timeline(course: Any, record: PatientRecord) -> None:
    """60 → 50 mg/day: from the total of the day before to that of the day."""
    entries = {entry.id: entry for entry in record.regimens if entry.counts}
    for item in timeline(record, kind="dose").items:
        if item.id in entries:
            on = entries[item.id].starts_on
            lead, total = item.pieces[0][0], item.pieces[1][0]
            assert mcg(total) == course.model.mcg_on(on)
            if lead and course.model.on(on - ONE_DAY):
                assert mcg(lead) == course.model.mcg_on(on - ONE_DAY)
