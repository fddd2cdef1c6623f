"""A clinic's own plan templates as domain values: those that are offered, and every version of each."""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from uuid import UUID

from titration.domain.planning import DoseOrder, Phase, WayDown, WayUp
from titration.domain.planning.templates import PlanTemplate
from titration.domain.record import PlanKind
from titration.models import Clinic
from titration.models import PlanTemplate as TemplateRow

_WAYS: dict[str, WayDown | WayUp] = {way.value: way for way in (*WayDown, *WayUp)}


def template_versions(clinic: Clinic) -> dict[str, tuple[PlanTemplate, ...]]:
    """Every version by template, the newest first; templates by name. One query."""
    rows = TemplateRow.objects.filter(clinic=clinic).select_related("recorded_by").order_by("-version")
    versions: dict[str, tuple[PlanTemplate, ...]] = {}
    for template in _values(rows):
        versions[template.id] = (*versions.get(template.id, ()), template)
    return dict(sorted(versions.items(), key=lambda pair: pair[1][0].name.casefold()))


def offered_templates(clinic: Clinic) -> tuple[PlanTemplate, ...]:
    """The newest version of each template that is not retired, by name."""
    newest = (versions[0] for versions in template_versions(clinic).values())
    return tuple(template for template in newest if not template.is_retired)


def newest_template(clinic: Clinic, template_id: UUID) -> PlanTemplate | None:
    """The version that counts; None where the clinic has no such template."""
    rows = TemplateRow.objects.filter(clinic=clinic, template_id=template_id).select_related("recorded_by")
    return next(iter(_values(rows.order_by("-version")[:1])), None)


def _values(rows: Iterable[TemplateRow]) -> Iterable[PlanTemplate]:
    return (_value(row) for row in rows)


def _value(row: TemplateRow) -> PlanTemplate:
    return PlanTemplate(
        id=str(row.template_id),
        version=row.version,
        name=row.name,
        kind=PlanKind(row.kind),
        phases=_phases(row),
        product_codes=tuple(row.product_codes),
        order=DoseOrder(row.dose_order),
        note=row.note,
        source=row.source,
        is_retired=row.is_retired,
        recorded_by=row.recorded_by.full_name,
        recorded_at=row.recorded_at,
    )


def _phases(row: TemplateRow) -> tuple[Phase, ...]:
    until_mcg = row.target_mcg if row.change_at_mcg is None else row.change_at_mcg
    first = replace(_phase(until_mcg, row.way, row.step_mcg, row.percent, row.step_days), days=row.days)
    if row.change_at_mcg is None:
        return (first,)
    second = _phase(row.target_mcg, row.second_way, row.second_step_mcg, row.second_percent, row.second_step_days)
    return first, second


def _phase(until_mcg: int, way: str, step_mcg: int | None, percent: str, step_days: int | None) -> Phase:
    share = Fraction(percent) if percent else None
    return Phase(until_mcg=until_mcg, way=_WAYS[way], step_mcg=step_mcg, percent=share, step_days=step_days)
