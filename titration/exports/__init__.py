"""Exports of a plan: one PlanDocument in, bytes out.

FORMATS maps the end of an address to its writer; adding a format is one module and one line here. Nothing here knows a
request, a database or a clock: who printed it and when stands in the document.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from titration.exports.calendar import write_calendar
from titration.exports.document import PlanDocument
from titration.exports.json_ import write_json
from titration.exports.record_page import write_record_page
from titration.exports.sheet import write_sheet
from titration.exports.spreadsheet import write_days, write_steps

__all__ = ["FORMATS", "SHEET_PAGE", "Format", "PlanDocument"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """label: what the link says. name: the end of the file's name, such as "steps.csv". has_chart: whether it prints
    the document's picture, has_findings: whether it says what the rules find in the plan; both are made for it alone.
    """

    label: str
    name: str
    content_type: str
    write: Callable[[PlanDocument], bytes]
    has_chart: bool = False
    has_findings: bool = False

    def file_name(self, plan: PlanDocument) -> str:
        """Numbers and our own words only: no name of a person, nothing that was typed."""
        what, suffix = self.name.split(".")
        wanted = [what, plan.language_code if plan.language_code != "en" else "", "large" if plan.is_large else ""]
        return f"baclofen-plan-{plan.number}-version-{plan.version}-{'-'.join(filter(None, wanted))}.{suffix}"

    def disposition(self, plan: PlanDocument) -> str:
        """The value of Content-Disposition; a quoted ASCII name needs no encoding by RFC 6266."""
        return f'attachment; filename="{self.file_name(plan)}"'


_ALL = (
    Format(label="Sheet for the patient (PDF)", name="sheet.pdf", content_type="application/pdf", write=write_sheet),
    Format(
        label="Page for the record (PDF)",
        name="record.pdf",
        content_type="application/pdf",
        write=write_record_page,
        has_chart=True,
        has_findings=True,
    ),
    Format(
        label="Calendar (.ics)",
        name="calendar.ics",
        content_type="text/calendar; charset=utf-8; method=PUBLISH",
        write=write_calendar,
    ),
    Format(
        label="Steps (CSV)", name="steps.csv", content_type="text/csv; charset=utf-8; header=present", write=write_steps
    ),
    Format(
        label="Days (CSV)", name="days.csv", content_type="text/csv; charset=utf-8; header=present", write=write_days
    ),
    Format(label="Data (JSON)", name="plan.json", content_type="application/json", write=write_json, has_findings=True),
)

FORMATS: Mapping[str, Format] = MappingProxyType({format_.name: format_ for format_ in _ALL})
"""By variant and suffix, as the address ends: "sheet.pdf"."""

SHEET_PAGE = Format(label="Sheet to print", name="sheet.html", content_type="text/html", write=write_sheet)
"""The same sheet as a page of the browser, which a template lays out."""
