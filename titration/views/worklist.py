"""Home: who needs attention today, and the way to any patient in a few keys.

Searching looks as one types; Enter leads to the only match. What is typed is never part of an address, which browsers
and proxies keep. An empty list says that it is no proof of safety.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from titration.charts import spark_path
from titration.domain.beside_a_step import taken_now
from titration.domain.days import show_full_day, show_near_day, show_weekday, years_between
from titration.domain.plan_transitions import Act
from titration.domain.units import NO_BREAK_SPACE, format_mg, show_mg_per_day
from titration.forms.worklist import asked_filter, asked_page, asked_text
from titration.models import Patient
from titration.permissions import SENTENCES, Action, acting, can, may
from titration.selectors import WorklistFilter, WorklistRow, WorklistView, find_patients, understood_birth_date
from titration.selectors import worklist as read_worklist
from titration.views.addresses import address
from titration.views.answers import is_fragment, show
from titration.views.desk import FORM, READS, ClinicRequest, clinic_page

WORKLIST = "worklist"
FILTERS = (
    (WorklistFilter.ALL, "All"),
    (WorklistFilter.CRITICAL, "Critical"),
    (WorklistFilter.HIGH, "High"),
    (WorklistFilter.CAUTION, "Caution"),
    (WorklistFilter.INFO, "Info"),
    (WorklistFilter.REVIEWS, "Reviews"),
    (WorklistFilter.STEPS, "Steps"),
    (WorklistFilter.TABLETS, "Tablets"),
    (WorklistFilter.MINE, "My patients"),
)
GROUPS = (
    ("flag", "Open flags", "patient"),
    ("review", "Reviews", "due or overdue"),
    ("step", "Steps this week", "due"),
    ("tablet", "Tablets run out", "within 7 days"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody should speak of before a step: a question with its button, or a difference to be settled first."""

    question: str
    difference: str
    confirm_url: str
    taken_url: str
    plan_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What stands beside a coming step: what is really taken, and the highest waiting flag, "" where none is."""

    taken: str
    severity: str
    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the list, all in words."""

    severity: str
    when: str
    is_overdue: bool
    name: str
    url: str
    who: str
    title: str
    title_url: str
    note: str
    dose: str
    dose_note: str
    spark: str
    on: str
    beside: Beside | None = None
    asked: Asked | None = None


@clinic_page(*READS)
def worklist(request: ClinicRequest) -> HttpResponse:
    return worklist_page(request, request.GET)


def worklist_page(request: ClinicRequest, asked: Mapping[str, str], *, notice: str = "") -> HttpResponse:
    """The filter and the page that are asked for; for htmx the list and its counts, with what an act on a row did."""
    view = read_worklist(request.membership, request.now, asked_filter(asked), asked_page(asked))
    request.audit_detail = {"show": view.filter.value, "page_number": view.page, "rows": len(view.rows)}
    context = {
        "view": view,
        "notice": notice,
        "is_swap": is_fragment(request),
        "may_confirm": may(request.membership, Act.CONFIRM),
        "may_not_confirm": SENTENCES[acting(Act.CONFIRM)],
        "groups": list(_groups(view, request.today)),
        "filters": list(_filters(view)),
        "now": request.now,
        "clinic": request.membership.clinic,
        "may_register": can(request.membership, Action.REGISTER_PATIENT),
        "may_not_register": SENTENCES[Action.REGISTER_PATIENT],
        "pages": _pages(view),
    }
    return show(request, "worklist/list.html", context, partial="worklist")


@clinic_page(*FORM)
def find(request: ClinicRequest) -> HttpResponse:
    """GET: the empty form. POST: matches as a page or, while typing, as a fragment; Enter on one match opens it."""
    text = asked_text(request.POST)
    found = find_patients(request.membership, text)
    request.audit_detail = {"found": [patient.public_id for patient in found]}
    if len(found) == 1 and not request.htmx:
        return HttpResponseRedirect(reverse("patient", args=[found[0].public_id]))
    matches = [_match(patient, request.today) for patient in found]
    born = understood_birth_date(text)
    context = {"q": text, "matches": matches, "born": show_full_day(born) if born else ""}
    return show(request, "worklist/find.html", context, partial="matches")


def _match(patient: Patient, today: date) -> dict[str, str]:
    return {
        "name": patient.name,
        "url": reverse("patient", args=[patient.public_id]),
        "who": _who(patient.birth_date, patient.identifier, today),
        "status": "" if patient.treatment_status == "under_treatment" else patient.get_treatment_status_display(),
    }


def _who(birth_date: date, identifier: str, today: date) -> str:
    return f"{show_full_day(birth_date)} ({years_between(birth_date, today)}), {identifier}"


def _filters(view: WorklistView) -> Iterator[tuple[str, str, bool]]:
    """Info is rare, so its filter stands only where a row of it does."""
    for each, words in FILTERS:
        if each is WorklistFilter.INFO and each is not view.filter and not view.counts.get(each.value):
            continue
        counted = words if each is WorklistFilter.MINE else f"{words} {view.counts.get(each.value, 0)}"
        url = reverse("worklist") if each is WorklistFilter.ALL else f"?{urlencode({'show': each.value})}"
        yield counted, url, each is view.filter


def _pages(view: WorklistView) -> dict[str, Any]:
    query = {} if view.filter is WorklistFilter.ALL else {"show": view.filter.value}
    before = urlencode({**query, "page": view.page - 1}) if view.page > 1 else ""
    after = urlencode({**query, "page": view.page + 1}) if view.page < view.pages else ""
    return {"before": before, "after": after, "number": view.page, "count": view.pages}


def _groups(view: WorklistView, today: date) -> Iterator[dict[str, Any]]:
    for kind, title, counted in GROUPS:
        rows = view.of_kind(kind)
        if rows:
            words = f"{counted}s" if kind == "flag" and len(rows) > 1 else counted
            yield {"title": title, "count": f"{len(rows)} {words}", "lines": [_line(row, today) for row in rows]}


def _line(row: WorklistRow, today: date) -> Line:
    url = address("patient", row.patient_id)
    return Line(
        severity="" if row.kind == "step" else row.severity,
        when=_when(row, today),
        is_overdue=_is_overdue(row, today),
        name=row.name,
        url=url,
        who=_who(row.birth_date, row.identifier, today),
        title=_title(row),
        title_url=_title_url(row),
        note=_note(row),
        dose=_dose(row),
        dose_note="as planned, unconfirmed" if row.is_unconfirmed and row.taken_mcg is not None else "",
        spark=spark_path(row.spark),
        on=_on(row, today),
        beside=_beside(row),
        asked=_asked(row, today),
    )


def _beside(row: WorklistRow) -> Beside | None:
    if row.kind != "step":
        return None
    return Beside(
        taken=taken_now(row.taken_mcg, row.prescribed_mcg) if row.taken_mcg != row.prescribed_mcg else "",
        severity=row.severity,
        title=row.reason,
        url=address("flag", row.patient_id, row.flag_id) if row.flag_id else "",
    )


def _is_overdue(row: WorklistRow, today: date) -> bool:
    differs = row.asked is not None and row.asked.difference is not None
    return differs or (row.due_on is not None and row.due_on < today)


def _asked(row: WorklistRow, today: date) -> Asked | None:
    if row.asked is None:
        return None
    heard = row.asked.heard
    ids = [row.patient_id, row.asked.plan_id]
    since = show_near_day(heard.starts_on, beside=today)
    dose = show_mg_per_day(heard.planned_mcg)
    return Asked(
        question=f"Was step {row.asked.number}, {dose} since {since}, taken as planned?",
        difference=row.asked.difference.difference_words(today) if row.asked.difference else "",
        confirm_url=address("plan_step_confirm", *ids, row.asked.step_id),
        taken_url=f"{address('patient', row.patient_id)}?log=taken",
        plan_url=address("plan", *ids),
    )


def _when(row: WorklistRow, today: date) -> str:
    """ "3 days overdue", "Due today", "In 3 days"; nothing for a flag."""
    if row.due_on is None:
        return ""
    days = (row.due_on - today).days
    if days < 0 and row.kind == "step":
        return "Not confirmed" if row.asked and row.asked.difference is None else "Differs"
    if days < 0:
        return f"{-days} day{'' if days == -1 else 's'} overdue"
    if not days:
        return "Due today" if row.kind == "review" else "Today"
    return f"In {days} day{'' if days == 1 else 's'}"


def _title(row: WorklistRow) -> str:
    if row.kind != "step":
        return row.title
    if row.asked is not None and row.asked.heard.starts_on == row.due_on:
        return f"{row.plan_kind.capitalize()} step {row.number}: {show_mg_per_day(row.to_mcg or 0)}"
    return f"{row.plan_kind.capitalize()} step {row.number}: {_from_words(row)}{show_mg_per_day(row.to_mcg or 0)}"


def _from_words(row: WorklistRow) -> str:
    """Not where something else is taken: nobody is sent from a dose that is not taken."""
    if row.from_mcg is None or row.taken_mcg != row.prescribed_mcg:
        return "to " if row.from_mcg is not None else ""
    return "stays at " if row.from_mcg == row.to_mcg else f"{format_mg(row.from_mcg)} → "


def _title_url(row: WorklistRow) -> str:
    if row.plan_id is not None:
        return address("plan", row.patient_id, row.plan_id)
    if row.kind == "tablet":
        return address("supply", row.patient_id)
    return address("flag", row.patient_id, row.flag_id) if row.flag_id else ""


def _note(row: WorklistRow) -> str:
    """The reason of a flag with what else waits; how a review is held; how many steps follow this week."""
    if row.kind == "step":
        return f"+{row.more} more this week" if row.more else ""
    if row.kind == "review":
        return "By telephone" if row.how == "telephone" else "In clinic"
    if row.kind == "tablet":
        return "First day without, by what was dispensed and the doses prescribed"
    more = f"{row.more} more flag{'' if row.more == 1 else 's'}" if row.more else ""
    past = "Past, and still unanswered" if row.is_past else ""
    return ". ".join(filter(None, (row.over, past, row.reason.rstrip("."), more)))


def _dose(row: WorklistRow) -> str:
    """Today's taken total, with yesterday's where it differs."""
    if row.taken_mcg is None:
        return "not known"
    changed = row.kind == "flag" and row.before_mcg is not None and row.before_mcg != row.taken_mcg
    before = f"{format_mg(row.before_mcg)} → " if changed and row.before_mcg is not None else ""
    return f"{before}{show_mg_per_day(row.taken_mcg)}"


def _on(row: WorklistRow, today: date) -> str:
    if row.due_on is not None:
        return show_weekday(row.due_on)
    if row.since is None:
        return ""
    near = show_weekday(row.since) if row.since.year == today.year else show_full_day(row.since)
    return f"since{NO_BREAK_SPACE}{near}"
