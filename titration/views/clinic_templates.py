"""The clinic's own plan templates on their pages, for its administrator; each change is a new version."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse

from titration.domain.planning.templates import PlanTemplate
from titration.forms.clinic_plans import TemplateForm, template_initial
from titration.models import PlanTemplate as TemplateRow
from titration.permissions import Action, check_can
from titration.selectors.plan_templates import template_versions
from titration.services.plan_templates import bring_back_template, retire_template, save_template
from titration.views.answers import attempt, saved, show
from titration.views.desk import FORM, READS, WRITES, ClinicRequest, clinic_page

LIST, ONE = "settings/templates.html", "settings/template.html"
SAVED = "Template saved. Plans drawn from an earlier version go on naming it."


@clinic_page(*READS)
def templates(request: ClinicRequest) -> HttpResponse:
    """Offered ones first, then those retired."""
    check_can(request.membership, Action.MANAGE_CLINIC)
    newest = [versions[0] for versions in template_versions(request.membership.clinic).values()]
    context = {
        "offered": [template for template in newest if not template.is_retired],
        "retired": [template for template in newest if template.is_retired],
    }
    return show(request, LIST, context)


@clinic_page(*FORM)
def template_new(request: ClinicRequest) -> HttpResponse:
    check_can(request.membership, Action.MANAGE_CLINIC)
    return _asked(request, (), {"version": 0, "kind": "taper", "target": "0", "order": "evenly"})


@clinic_page(*FORM)
def template(request: ClinicRequest, template_id: UUID) -> HttpResponse:
    """GET: the newest version, and every version before. POST: the next one."""
    check_can(request.membership, Action.MANAGE_CLINIC)
    versions = _versions(request, template_id)
    return _asked(request, versions, template_initial(versions[0]))


@clinic_page(*WRITES)
def template_retire(request: ClinicRequest, template_id: UUID) -> HttpResponse:
    check_can(request.membership, Action.MANAGE_CLINIC)
    _versions(request, template_id)
    retire_template(actor=request.membership, template_id=template_id, version=_seen(request), now=request.now)
    return saved(request, reverse("templates"), "Template retired. Plans that came from it still name it.")


@clinic_page(*WRITES)
def template_bring_back(request: ClinicRequest, template_id: UUID) -> HttpResponse:
    check_can(request.membership, Action.MANAGE_CLINIC)
    _versions(request, template_id)
    bring_back_template(actor=request.membership, template_id=template_id, version=_seen(request), now=request.now)
    return saved(request, reverse("templates"), "Template brought back: it is offered in the planner again.")


def _seen(request: ClinicRequest) -> int:
    """The version on the page that was clicked; 0 where it is no number, which no version is."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _versions(request: ClinicRequest, template_id: UUID) -> tuple[PlanTemplate, ...]:
    versions = template_versions(request.membership.clinic).get(str(template_id))
    if versions is None:
        raise Http404("There is no such page.")
    return versions


def _asked(request: ClinicRequest, versions: tuple[PlanTemplate, ...], initial: dict[str, Any]) -> HttpResponse:
    offered = request.membership.clinic.offered_products
    if request.method != "POST":
        return _page(request, TemplateForm(initial=initial, offered=offered), versions)
    form = TemplateForm(request.POST, offered=offered)
    tried = attempt(form, lambda: _save(request, form, versions))
    if tried.row is not None:
        return saved(request, reverse("templates"), SAVED)
    return _page(request, form, versions, status=tried.status)


def _save(request: ClinicRequest, form: TemplateForm, versions: tuple[PlanTemplate, ...]) -> TemplateRow:
    asked = form.template(versions[0].id if versions else "")
    return save_template(actor=request.membership, template=asked, now=request.now, key=form.cleaned_data["key"])


def _page(
    request: ClinicRequest, form: TemplateForm, versions: tuple[PlanTemplate, ...], status: int = 200
) -> HttpResponse:
    return show(request, ONE, {"form": form, "versions": versions, "address": request.path}, status=status)
