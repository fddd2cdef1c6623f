"""The planner's desk: for whom, from which regimen, with which products, and what the form's inputs draw.

A drawing is either whole or a sentence; a refused drawing keeps everything that was typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.http import QueryDict

from titration.domain.at_hand import at_hand
from titration.domain.banner import regimen_on
from titration.domain.days import show_full_day
from titration.domain.errors import DomainError, PlanImpossible
from titration.domain.guidance import Guidance, load_guidance
from titration.domain.history import taken_history
from titration.domain.judging import Remedy
from titration.domain.planning import PlanDraft, draw_plan
from titration.domain.planning.templates import PlanTemplate
from titration.domain.planning.usual import usual_products, usual_second_pace, usual_target_mcg, usual_way
from titration.domain.products import Product, only_tablet
from titration.domain.record import PatientRecord, PlanKind, PlanState
from titration.domain.regimen import Regimen
from titration.domain.terms import Terms
from titration.domain.units import format_mg, parse_mg
from titration.forms.plan_texts import (
    NO_SECOND,
    NO_STAYS,
    asked_texts,
    row_texts,
    texts_of,
    way_texts,
    with_second_pace,
)
from titration.forms.planner import PlanForm
from titration.forms.ways import has_one_pace, way_of, ways_of
from titration.models import Patient, Plan
from titration.selectors import get_patient, patient_record
from titration.selectors.plan_file import clinic_products, plan_steps
from titration.selectors.plan_templates import offered_templates
from titration.views.desk import ClinicRequest
from titration.views.plan_drawing import Drawing, drawing_of

type Texts = dict[str, Any]

A_WEEK_DAYS = 7
NO_DOSE = "No current dose is on file. Record what is taken now, then draw the plan from it."


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannerDesk:
    """One patient's file on the planner's desk, as of today."""

    patient: Patient
    record: PatientRecord
    today: date
    guidance: Guidance
    offered: tuple[Product, ...]
    templates: tuple[PlanTemplate, ...] = ()

    def start_before(self, first_step_on: date) -> Regimen:
        """What is prescribed until the day before the first step."""
        regimen = regimen_on(self.record, first_step_on - timedelta(days=1))
        if regimen is None:
            raise PlanImpossible(NO_DOSE)
        return regimen

    @property
    def exposure_is_long(self) -> bool:
        return Terms(taken_history(self.record), self.record.exposure_months, self.guidance).is_long(
            self.today.toordinal()
        )


@dataclass(slots=True, kw_only=True)
class Drawn:
    """What a form drew; drawing is None where it was refused, and then the form holds the sentence.

    rule: the rule that refused it, "" where none did.
    """

    form: PlanForm
    rule: str = ""
    draft: PlanDraft | None = None
    drawing: Drawing | None = None
    remedy: Remedy | None = None


def planner_desk(request: ClinicRequest, patient_id: UUID) -> PlannerDesk:
    patient = get_patient(request.membership, patient_id)
    return PlannerDesk(
        patient=patient,
        record=patient_record(patient, request.now),
        today=request.today,
        guidance=load_guidance(),
        offered=clinic_products(request.membership.clinic),
        templates=offered_templates(request.membership.clinic),
    )


def draw(desk: PlannerDesk, texts: Mapping[str, Any], *, is_judged: bool = True) -> Drawn:
    """The form with what it draws; without its judgement and pictures where only the steps are wanted."""
    drawn = Drawn(form=PlanForm(texts, offered=desk.offered, templates=desk.templates))
    if not drawn.form.is_valid():
        return drawn
    try:
        drawn.draft = _draft(desk, drawn.form)
        if is_judged:
            drawn.drawing, drawn.remedy = drawing_of(
                desk.record, drawn.draft, today=desk.today, guidance=desk.guidance, only=_only_tablet(desk, drawn.draft)
            )
    except DomainError as refusal:
        drawn.rule = refusal.rule
        drawn.form.add_error(None, refusal.sentence)
    return drawn


def _only_tablet(desk: PlannerDesk, draft: PlanDraft) -> Product | None:
    """The tablet that the words of the plan need to name only once."""
    products, known = draft.request.products, desk.patient.clinic.known_products
    before = (draft.request.start, regimen_on(desk.record, desk.today))
    return only_tablet([*products, *at_hand(desk.record, products, before=before, known=known)])


def _draft(desk: PlannerDesk, form: PlanForm) -> PlanDraft:
    first_step_on = form.cleaned_data["first_step_on"]
    if first_step_on < desk.today:
        raise PlanImpossible(f"The first step is in the past. Choose {show_full_day(desk.today)} or later.")
    return draw_plan(form.plan_request(desk.start_before(first_step_on)), desk.guidance)


def opening(desk: PlannerDesk, kind: PlanKind) -> Texts:
    """A plan of the usual pace from the current regimen, to begin with."""
    way = usual_way(kind, exposure_is_long=desk.exposure_is_long)
    return {
        "key": str(uuid4()),
        "kind": kind.value,
        "first_step_on": (desk.today + timedelta(days=1)).isoformat(),
        "target": format_mg(_usual_target_mcg(desk, kind)),
        "way": way,
        "drawn_way": way,
        "products": [product.code for product in usual_products(desk.offered)],
        "rows": "0",
        **NO_STAYS,
        **way_texts(way),
    }


def _usual_target_mcg(desk: PlannerDesk, kind: PlanKind) -> int:
    present = regimen_on(desk.record, desk.today)
    return usual_target_mcg(
        kind,
        present_mcg=present.daily_mcg if present else 0,
        labelled_mcg=desk.guidance.labelled_maximum_mcg(desk.record.label_set),
        ceiling_mcg=desk.guidance.ceiling_mcg,
    )


def texts_from(plan: Plan, desk: PlannerDesk) -> Texts:
    """The inputs of a plan that is drawn again."""
    kind, steps = PlanKind(plan.kind), [(step.starts_on, step.regimen) for step in plan_steps(plan)]
    first_step_on = max(steps[0][0], desk.today + timedelta(days=1))
    texts = {**opening(desk, kind), **asked_texts(plan.request, kind, desk.templates)}
    texts |= {"target": format_mg(plan.target_mcg), "products": plan.products}
    texts |= {"first_step_on": first_step_on.isoformat()}
    if _is_by_hand(str(texts["way"]), desk):
        texts |= row_texts(steps)
    return {**texts, "replaces": str(plan.public_id)} if plan.state == PlanState.DRAFT else texts


def _is_by_hand(code: str, desk: PlannerDesk) -> bool:
    return way_of(code, desk.templates).value.startswith("by_hand")


def typed(posted: QueryDict) -> Texts:
    """What was typed, as texts; products are a list."""
    return {**posted.dict(), "products": posted.getlist("products")}


def following(desk: PlannerDesk, texts: Texts) -> tuple[Texts, bool]:
    """Inputs that hang on others follow them: the way on the kind, size and pace on the way. True when any did."""
    kind = PlanKind.TITRATION if texts.get("kind") == PlanKind.TITRATION.value else PlanKind.TAPER
    codes = [code for code, _ in ways_of(kind, desk.templates)]
    way, drawn_way = str(texts.get("way")), texts.get("drawn_way")
    if way not in codes:
        usual = opening(desk, kind)
        kept = {name: texts[name] for name in ("key", "first_step_on", "products", "replaces") if texts.get(name)}
        return {**usual, **kept}, True
    if way == drawn_way:
        return _second_followed(desk, kind, texts)
    if not _is_by_hand(way, desk):
        kept = texts if has_one_pace(way, desk.templates) else {**texts, **NO_SECOND}
        return {**kept, **_offered_only(desk, way_texts(way, desk.templates)), "drawn_way": way}, True
    return {**texts, **_rows_of_drawing(desk, texts), **NO_SECOND, **NO_STAYS, "way": way, "drawn_way": way}, True


def _second_followed(desk: PlannerDesk, kind: PlanKind, texts: Texts) -> tuple[Texts, bool]:
    """A second pace that was just chosen begins with usual values, so that it is drawn at once."""
    chosen = texts.get("second", "")
    if chosen == texts.get("drawn_second", chosen):
        return texts, False
    present = regimen_on(desk.record, desk.today)
    days = str(texts.get("step_days") or "")
    usual = usual_second_pace(
        kind,
        start_mcg=present.daily_mcg if present else 0,
        target_mcg=_typed_mcg(str(texts.get("target", ""))),
        step_days=int(days) if days.isascii() and days.isdigit() and len(days) < 4 else A_WEEK_DAYS,
    )
    return (with_second_pace(texts, usual) if chosen else texts), True


def _typed_mcg(text: str) -> int:
    """0 for what is no dose: the form says so itself."""
    try:
        return parse_mg(text)
    except DomainError:
        return 0


def _offered_only(desk: PlannerDesk, texts: Texts) -> Texts:
    """A template's products as far as the clinic still offers them; where it offers none, those chosen stay."""
    if "products" not in texts:
        return texts
    codes = {product.code for product in desk.offered}
    kept = [code for code in texts["products"] if code in codes]
    return {**texts, "products": kept} if kept else {name: texts[name] for name in texts if name != "products"}


def _rows_of_drawing(desk: PlannerDesk, texts: Texts) -> Texts:
    """By hand starts from what was drawn before; from one empty step where nothing could be drawn."""
    before = draw(desk, {**texts, "way": texts.get("drawn_way")}, is_judged=False)
    if before.draft is not None:
        return texts_of(before.draft)
    return {"rows": "1", "row0-on": texts.get("first_step_on", "")}
