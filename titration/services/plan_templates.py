"""A clinic's own plan templates: saved, retired and brought back by its administrator, each act a new version.

No version is ever changed or removed, so that a plan's origin can be read for ever. What no plan may be cannot be
saved as a template either.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from titration.domain.errors import DomainError
from titration.domain.guidance import load_guidance
from titration.domain.planning import Phase
from titration.domain.planning.templates import PlanTemplate, check_template
from titration.models import Clinic, Membership
from titration.models import PlanTemplate as TemplateRow
from titration.permissions import Action, check_can
from titration.selectors.plan_templates import newest_template, template_versions
from titration.services.audit import record_event
from titration.services.drafts import Key
from titration.services.errors import Conflict
from titration.services.writing import check_codes, journey, store

MOST_TEMPLATES = 40


@journey("template.saved")
def save_template(*, actor: Membership, template: PlanTemplate, now: datetime, key: Key | None = None) -> TemplateRow:
    """A new template (id "" and version 0), or the next version of the one that was seen (its id and version)."""
    check_can(actor, Action.MANAGE_CLINIC)
    clinic = _locked(actor)
    _check(template, clinic)
    return _next(clinic, template, actor=actor, now=now, action="template.saved")


@journey("template.retired")
def retire_template(*, actor: Membership, template_id: UUID, version: int, now: datetime) -> TemplateRow:
    """Offered no more; plans that came from it go on naming it."""
    return _again(actor, template_id, version, now=now, is_retired=True, action="template.retired")


@journey("template.brought_back")
def bring_back_template(*, actor: Membership, template_id: UUID, version: int, now: datetime) -> TemplateRow:
    """Offered again, checked against today's limits."""
    return _again(actor, template_id, version, now=now, is_retired=False, action="template.brought_back")


def _again(
    actor: Membership, template_id: UUID, version: int, *, now: datetime, is_retired: bool, action: str
) -> TemplateRow:
    check_can(actor, Action.MANAGE_CLINIC)
    clinic = _locked(actor)
    template = newest_template(clinic, template_id)
    if template is None:
        raise DomainError("This template is not in the list. Reload the page.")
    if template.version != version or template.is_retired == is_retired:
        raise Conflict("Somebody changed this template meanwhile, and nothing was saved. Reload the page and compare.")
    if not is_retired:
        _check(template, clinic)
    return _next(clinic, replace(template, is_retired=is_retired), actor=actor, now=now, action=action)


def _locked(actor: Membership) -> Clinic:
    return Clinic.objects.select_for_update().get(pk=actor.clinic_id)


def _check(template: PlanTemplate, clinic: Clinic) -> None:
    known = clinic.known_products
    check_codes(template.product_codes, known, "products")
    check_template(template, tuple(known[code] for code in template.product_codes), load_guidance())
    others = {
        versions[0].name.casefold()
        for versions in template_versions(clinic).values()
        if versions[0].id != template.id and not versions[0].is_retired
    }
    if template.name.casefold() in others:
        raise DomainError("A template of this name is in the list already. Choose another name.", about="name")
    if not template.id and len(others) >= MOST_TEMPLATES:
        raise DomainError(f"Retire a template first: a list of more than {MOST_TEMPLATES} is not read.")


def _next(clinic: Clinic, template: PlanTemplate, *, actor: Membership, now: datetime, action: str) -> TemplateRow:
    template_id = UUID(template.id) if template.id else uuid4()
    standing = newest_template(clinic, template_id)
    if (standing.version if standing else 0) != template.version:
        raise Conflict("Somebody changed this template meanwhile, and nothing was saved. Reload the page and compare.")
    row = store(
        TemplateRow(
            clinic=clinic,
            template_id=template_id,
            version=template.version + 1,
            recorded_by=actor.user,
            recorded_at=now,
            is_retired=template.is_retired,
            **_columns(template),
        )
    )
    detail = {"template": str(template_id), "version": row.version}
    record_event(clinic=clinic, actor=actor, action=action, subject=row, detail=detail, now=now)
    return row


def _columns(template: PlanTemplate) -> dict[str, Any]:
    columns = {
        "name": template.name,
        "kind": template.kind.value,
        "target_mcg": template.target_mcg,
        "product_codes": list(template.product_codes),
        "dose_order": template.order.value,
        "note": template.note,
        "source": template.source,
        "days": template.phases[0].days,
        **_pace(template.phases[0], ""),
    }
    if len(template.phases) > 1:
        columns |= {"change_at_mcg": template.phases[0].until_mcg, **_pace(template.phases[1], "second_")}
    return columns


def _pace(phase: Phase, prefix: str) -> dict[str, Any]:
    return {
        f"{prefix}way": phase.way.value,
        f"{prefix}step_mcg": phase.step_mcg,
        f"{prefix}percent": str(phase.percent) if phase.percent is not None else "",
        f"{prefix}step_days": phase.step_days,
    }
