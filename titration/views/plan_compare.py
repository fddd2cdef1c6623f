"""Two plans side by side: a plan on file, the inputs of the planner, or the same inputs another way.

Inputs come by POST, because doses belong in no address; plans on file by their ids. Nothing is written.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString

from titration.domain.judging import JudgedPlan, judge_plan
from titration.domain.plan_versions import became_of_draft, began_on
from titration.domain.planning.compare import summarise_steps
from titration.domain.planning.compare_words import Measured, difference_words, measures
from titration.domain.planning.request import PlanStepDraft
from titration.domain.record import PlanEntry, PlanKind, PlanState
from titration.domain.regimen import Regimen
from titration.forms.plan_texts import way_texts
from titration.forms.ways import ways_of
from titration.selectors import get_plan
from titration.views.answers import UNREADABLE, show
from titration.views.banner import banner_context
from titration.views.desk import FORM, ClinicRequest, clinic_page
from titration.views.plan_drawing import FindingItem, finding_items, pictures
from titration.views.plan_page import PlanScene, made_steps, start_of
from titration.views.planner import PlannerDesk, Texts, draw, planner_desk, typed

PAGE = "plan/compare.html"
WIDE = 880
KEPT, WAY, PLAN = "kept", "way:", "plan:"
LONGEST_KEPT = 20_000
_NOT_INPUTS = frozenset({"key", "csrfmiddlewaretoken", "kept", "act", "compare_with", "drawn_second"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two. url: of a plan on file; texts: of inputs, to go on drawing with."""

    measured: Measured
    judged: JudgedPlan
    findings: tuple[FindingItem, ...]
    url: str = ""
    texts: Texts = field(default_factory=dict)
    note: str = ""

    @property
    def inputs(self) -> list[tuple[str, str]]:
        """Each field as it is posted; a list of products is several fields of one name."""
        pairs = ((name, value if isinstance(value, list) else [value]) for name, value in self.texts.items())
        return [(name, str(text)) for name, texts in pairs for text in texts]


@clinic_page(*FORM)
def plan_compare(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """GET: two plans on file, by their ids. POST: the planner's inputs beside what was chosen."""
    desk = planner_desk(request, patient_id)
    if request.method == "POST":
        return _compare_inputs(request, desk)
    first = request.GET.get("this") or _newest(desk)
    this = _on_file(request, desk, first) if first else None
    second = request.GET.get("other") or _usual_other(desk, first)
    other = _on_file(request, desk, second) if second and this else None
    return _page(request, desk, this, other, chosen=(first, second))


def _newest(desk: PlannerDesk) -> str:
    return desk.record.plans[-1].id if desk.record.plans else ""


def _usual_other(desk: PlannerDesk, first: str) -> str:
    """Beside a plan: the one that runs, else the newest other one."""
    others = [entry for entry in desk.record.plans if entry.id != first]
    live = [entry for entry in others if entry.state in (PlanState.RUNNING, PlanState.HELD)]
    return (live or others[-1:])[0].id if others else ""


def _compare_inputs(request: ClinicRequest, desk: PlannerDesk) -> HttpResponse:
    texts = typed(request.POST)
    this, refused = _of_inputs(desk, texts, "These inputs")
    other: Side | None = None
    if this is not None:
        other, refused = _other(request, desk, texts)
    status = UNREADABLE if refused else 200
    newest = _newest(desk)
    return _page(
        request, desk, this, other, refused=refused, chosen=(newest, _usual_other(desk, newest)), status=status
    )


def _other(request: ClinicRequest, desk: PlannerDesk, texts: Texts) -> tuple[Side | None, tuple[str, ...]]:
    code = str(texts.get("compare_with", ""))
    if code.startswith(PLAN):
        return _on_file(request, desk, code.removeprefix(PLAN)), ()
    if code == KEPT:
        return _of_inputs(desk, kept_texts(texts), "The inputs kept")
    return _another_way(desk, texts, code.removeprefix(WAY))


def _another_way(desk: PlannerDesk, texts: Texts, way: str) -> tuple[Side | None, tuple[str, ...]]:
    """The same start, first step and target at the size and pace of another way."""
    names = {code: str(words).split("<small>")[0] for code, words in ways_of(_kind(texts), desk.templates)}
    if way not in names:
        return None, ("Choose what to compare with.",)
    size = {name: text for name, text in way_texts(way, desk.templates).items() if name != "products"}
    return _of_inputs(desk, {**texts, **size, "way": way, "drawn_way": way}, f"“{names[way]}”")


def _kind(texts: Mapping[str, Any]) -> PlanKind:
    return PlanKind.TITRATION if texts.get("kind") == PlanKind.TITRATION.value else PlanKind.TAPER


def _of_inputs(desk: PlannerDesk, texts: Texts, name: str) -> tuple[Side | None, tuple[str, ...]]:
    """A side, or the sentences that say why it cannot be drawn."""
    key = str(uuid4())
    drawn = draw(desk, {**texts, "key": key}, is_judged=False)
    if drawn.draft is None:
        sentences = (str(error) for errors in drawn.form.errors.values() for error in errors)
        return None, tuple(f"{name}: {sentence}" for sentence in sentences)
    start, steps = drawn.draft.request.start, drawn.draft.steps
    inputs = {name: text for name, text in texts.items() if name not in _NOT_INPUTS}
    return _side(desk, name, start, steps, texts={**inputs, "key": key}, note=" ".join(drawn.draft.notes)), ()


def _on_file(request: ClinicRequest, desk: PlannerDesk, plan_id: str) -> Side:
    """404 for what is no plan of this patient."""
    plan = get_plan(request.membership, desk.patient, _uuid(plan_id))
    entry = next(entry for entry in desk.record.plans if entry.id == str(plan.public_id))
    steps, unmade = made_steps(plan, entry)
    scene = PlanScene(
        patient=desk.patient, record=desk.record, plan=plan, entry=entry, rows=(), steps=steps, unmade=unmade,
        today=desk.today, guidance=desk.guidance,
    )  # fmt: skip
    url = reverse("plan", args=[desk.patient.public_id, plan.public_id])
    return _side(desk, plan_name(entry, desk.record.plans), start_of(scene), steps, url=url, note=unmade, entry=entry)


def plan_name(entry: PlanEntry, plans: Sequence[PlanEntry]) -> str:
    """Plan 2, version 1 (running); a draft that was drawn again is replaced, as its own page says."""
    state = became_of_draft(entry, plans) or entry.state
    return f"Plan {entry.number}, version {entry.version} ({state})"


def _side(
    desk: PlannerDesk,
    name: str,
    start: Regimen,
    steps: tuple[PlanStepDraft, ...],
    *,
    entry: PlanEntry | None = None,
    **more: Any,
) -> Side:
    planned = [(step.starts_on, step.regimen) for step in steps]
    began = began_on(desk.record.plans, entry.number) if entry else None
    judged = judge_plan(desk.record, planned, today=desk.today, guidance=desk.guidance, began_on=began)
    measured = Measured(name=name, summary=summarise_steps(start, steps), findings=judged.findings)
    findings = tuple(finding_items(judged.findings, desk.guidance))
    return Side(measured=measured, judged=judged, findings=findings, **more)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def kept_texts(texts: Mapping[str, Any]) -> Texts:
    """The inputs that were kept, read again as typed text; empty where they cannot be read."""
    kept = str(texts.get(KEPT) or "")
    if len(kept) > LONGEST_KEPT:
        return {}
    try:
        read = json.loads(kept)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(read, dict):
        return {}
    plain = {name: value for name, value in read.items() if isinstance(value, str)}
    products = read.get("products")
    return {**plain, "products": [str(code) for code in products] if isinstance(products, list) else []}


def with_kept(texts: Texts) -> Texts:
    """The inputs as they are now, kept beside those that are drawn next."""
    inputs = {name: text for name, text in texts.items() if name not in _NOT_INPUTS}
    kept = json.dumps(inputs, separators=(",", ":"))
    return {**texts, KEPT: kept if len(kept) <= LONGEST_KEPT else "", "compare_with": KEPT}


def choices_of(desk: PlannerDesk, texts: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a drawing may be compared with: inputs kept, other ways, plans on file."""
    by_hand = {"by_hand", "by_hand_up"}
    ways = [
        (f"{WAY}{code}", str(words).split("<small>")[0])
        for code, words in ways_of(_kind(texts), desk.templates)
        if code != texts.get("way") and code not in by_hand
    ]
    plans = [(f"{PLAN}{entry.id}", plan_name(entry, desk.record.plans)) for entry in reversed(desk.record.plans)]
    groups = [("Kept", [(KEPT, "The inputs kept")] if kept_texts(texts) else []), ("Another way", ways)]
    return [(name, choices) for name, choices in [*groups, ("On file", plans)] if choices]


def _page(
    request: ClinicRequest,
    desk: PlannerDesk,
    this: Side | None,
    other: Side | None,
    *,
    refused: tuple[str, ...] = (),
    chosen: tuple[str, str] = ("", ""),
    status: int = 200,
) -> HttpResponse:
    patient_id = desk.patient.public_id
    context = {
        **banner_context(request, desk.patient, desk.record),
        "this": this,
        "other": other,
        "sides": [side for side in (this, other) if side],
        "refused": refused,
        "plans": [(entry.id, plan_name(entry, desk.record.plans)) for entry in reversed(desk.record.plans)],
        "chosen": chosen,
        "compare_url": reverse("plan_compare", args=[patient_id]),
        "draw_url": reverse("plan_draw", args=[patient_id]),
        "new_url": reverse("plan_new", args=[patient_id]),
        **(_compared(desk, this, other) if this and other else {}),
    }
    return show(request, PAGE, context, status=status)


def _compared(desk: PlannerDesk, this: Side, other: Side) -> dict[str, Any]:
    wide, narrow = _pictures(desk, this, other)
    return {
        "measures": measures(this.measured, other.measured),
        "differences": difference_words(this.measured, other.measured),
        "wide": wide,
        "narrow": narrow,
    }


def _pictures(desk: PlannerDesk, this: Side, other: Side) -> tuple[SafeString, SafeString]:
    """Both on one axis."""
    beside = (other.measured.name, other.judged.steps)
    return pictures(
        desk.record, this.judged, today=desk.today, guidance=desk.guidance, other=beside, name=this.measured.name,
        wide=WIDE,
    )  # fmt: skip
