"""The audit of the clinic, for its administrators: who did what, when, to whose record. Identifiers, no patient's name.

A filter is sent as a form and goes on as an address of ids and codes. Looking at the audit, and taking it away as a
file, are in the audit too.
"""

import csv
import io
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from titration.domain.errors import DomainError
from titration.exports.spreadsheet import BYTE_ORDER_MARK, guard
from titration.exports.text import one_line
from titration.forms.audit import AuditForm, asked_after, asked_audit, query_of, shown_filter
from titration.forms.audit_words import action_words, detail_words, told_words
from titration.permissions import Action, check_can
from titration.selectors.audit import MOST_EXPORTED, AuditRow, audit_page, audit_rows
from titration.views.answers import show
from titration.views.desk import FORM, READS, ClinicRequest, clinic_page

_SAY_THEIR_PAGE = frozenset({"worklist.read", "search.read", "plan.exported", "audit.read", "audit.exported"})
REFUSED = frozenset({"refused", "sign_in_failed", "second_factor.refused", "password.refused"})
COLUMNS = (
    "at", "person", "action", "action_in_words", "patient_identifier", "object_type", "object_id", "detail",
    "detail_in_words", "digest",
)  # fmt: skip


@clinic_page(*FORM)
def audit(request: ClinicRequest) -> HttpResponse:
    """GET: a page of the audit. POST: the filter, which leads to its address."""
    check_can(request.membership, Action.READ_AUDIT)
    if request.method != "POST":
        return _page(request)
    form = AuditForm(request.POST, membership=request.membership)
    if form.is_valid():
        return HttpResponseRedirect(f"{reverse('audit')}?{form.query}" if form.query else reverse("audit"))
    return show(request, "audit/page.html", {"form": form, "is_refused": True}, status=422)


@clinic_page(*READS)
def audit_export(request: ClinicRequest) -> HttpResponse:
    """Every row of the filter as CSV, or a sentence where there are too many for one file; never a part unsaid."""
    check_can(request.membership, Action.READ_AUDIT)
    wanted = asked_audit(request.GET, request.membership)
    rows = audit_rows(request.membership, wanted)
    if rows is None:
        raise DomainError(f"These are more than {MOST_EXPORTED:,} rows. Choose fewer days and export again.")
    request.audit_detail = {**query_of(wanted), "rows": len(rows)}
    headers = {"Content-Disposition": f'attachment; filename="audit-{request.today.isoformat()}.csv"'}
    return HttpResponse(_csv(rows), content_type="text/csv; charset=utf-8", headers=headers)


def _page(request: ClinicRequest) -> HttpResponse:
    wanted, after = asked_audit(request.GET, request.membership), asked_after(request.GET)
    page = audit_page(request.membership, wanted, after)
    query = query_of(wanted)
    request.audit_detail = {**query, "rows": len(page.rows)}
    context = {
        "form": AuditForm(initial=shown_filter(wanted), membership=request.membership),
        "rows": [_line(row) for row in page.rows],
        "newest": f"?{urlencode(query)}" if after else "",
        "older": f"?{urlencode({**query, 'after': page.after})}" if page.after else "",
        "export": f"{reverse('audit_export')}?{urlencode(query)}" if query else reverse("audit_export"),
        "is_filtered": bool(query),
        "clinic": request.membership.clinic,
    }
    return show(request, "audit/page.html", context)


def _line(row: AuditRow) -> dict[str, Any]:
    found = f"found: {', '.join(row.found) or 'nobody'}" if row.action == "search.read" else ""
    unsaid = {"page" if row.action in _SAY_THEIR_PAGE else "", "attempt" if "page" in row.detail else ""}
    said = {name: value for name, value in row.detail.items() if name not in unsaid}
    return {
        "at": row.at,
        "who": row.who or "the system",
        "words": action_words(row.action),
        "patient": row.patient,
        "detail": ", ".join(filter(None, (told_words(said), found))),
        "is_refusal": row.action in REFUSED,
    }


def _csv(rows: tuple[AuditRow, ...]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([guard(one_line(cell)) for cell in _cells(row)] for row in rows)
    return (BYTE_ORDER_MARK + out.getvalue()).encode()


def _cells(row: AuditRow) -> tuple[str, ...]:
    """The code that was recorded, and beside it its words."""
    detail = {**row.detail, "found": list(row.found)}
    at, what = row.at.isoformat(timespec="seconds"), action_words(row.action)
    about = (row.patient, row.object_type, row.object_id)
    return (at, row.who, row.action, what, *about, detail_words(detail), told_words(detail), row.digest)
