"""A clinic's own plan templates: versions that never change, limits that none may break, and who may touch them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.factories import NOW
from tests.services.test_every_service import refuse_audit  # noqa: F401 - a fixture
from titration.domain.errors import AboveCeiling, DomainError
from titration.domain.planning import DoseOrder, Phase, WayDown, WayUp
from titration.domain.planning.templates import PlanTemplate
from titration.domain.record import PlanKind
from titration.domain.units import NO_BREAK_SPACE
from titration.models import AuditEvent, Membership
from titration.models import PlanTemplate as TemplateRow
from titration.permissions import PermissionRefused
from titration.selectors.plan_templates import offered_templates, template_versions
from titration.services.errors import Conflict
from titration.services.plan_templates import MOST_TEMPLATES, bring_back_template, retire_template, save_template

FAST = Phase(until_mcg=30_000, way=WayDown.EQUAL, step_mcg=10_000, step_days=7)
SLOW = Phase(until_mcg=0, way=WayDown.EQUAL, step_mcg=5_000, step_days=14)
WARD = PlanTemplate(
    id="", version=0, name="Ward taper", kind=PlanKind.TAPER, phases=(FAST, SLOW),
    product_codes=("tablet-10-halves",), order=DoseOrder.DAY_FIRST, note="For the ward.", source="Ward protocol 2026",
)  # fmt: skip
LENGTH = Phase(until_mcg=0, way=WayDown.OVER_DAYS, days=21)
UP = PlanTemplate(
    id="", version=0, name="Slow start", kind=PlanKind.TITRATION, source="Ward protocol 2026",
    phases=(Phase(until_mcg=40_000, way=WayUp.EQUAL, step_mcg=5_000, step_days=7),),
)  # fmt: skip


def saved(actor: Membership, template: PlanTemplate = WARD) -> PlanTemplate:
    row = save_template(actor=actor, template=template, now=NOW)
    return template_versions(actor.clinic)[str(row.template_id)][0]


ACTS: dict[str, Callable[[Membership], Callable[[], Any]]] = {
    "template.saved": lambda actor: lambda: saved(actor),
    "template.retired": lambda actor: _then(actor, retire_template),
    "template.brought_back": lambda actor: _then(actor, bring_back_template),
}
each_act = pytest.mark.parametrize("action", ACTS)


def _then(actor: Membership, act: Any) -> Callable[[], Any]:
    template = saved(actor)
    if act is bring_back_template:
        retire_template(actor=actor, template_id=UUID(template.id), version=1, now=NOW)
        return lambda: act(actor=actor, template_id=UUID(template.id), version=2, now=NOW)
    return lambda: act(actor=actor, template_id=UUID(template.id), version=1, now=NOW)


def test_is_read_back_as_it_was_saved(ada: Membership) -> None:
    for template in (WARD, UP, replace(WARD, name="Ward, three weeks", phases=(LENGTH,))):
        back = saved(ada, template)
        assert replace(back, id="", version=0, recorded_by="", recorded_at=None) == template
        assert (back.version, back.recorded_by, back.recorded_at) == (1, "Ada Acre", NOW)
    names = [template.name for template in offered_templates(ada.clinic)]
    assert names == ["Slow start", "Ward taper", "Ward, three weeks"]


def test_a_change_is_a_new_version_and_the_old_one_stays(ada: Membership) -> None:
    first = saved(ada)
    second = saved(ada, replace(first, name="Ward taper, slower", phases=(SLOW,)))
    versions = template_versions(ada.clinic)[first.id]
    assert [(each.version, each.name) for each in versions] == [(2, "Ward taper, slower"), (1, "Ward taper")]
    assert offered_templates(ada.clinic) == (second,)


def test_is_retired_and_brought_back_by_versions(ada: Membership) -> None:
    template = saved(ada)
    retire_template(actor=ada, template_id=UUID(template.id), version=1, now=NOW)
    assert offered_templates(ada.clinic) == ()
    bring_back_template(actor=ada, template_id=UUID(template.id), version=2, now=NOW)
    assert [each.is_retired for each in template_versions(ada.clinic)[template.id]] == [False, True, False]


def test_two_who_change_one_template_meet_a_conflict(ada: Membership) -> None:
    first = saved(ada)
    saved(ada, replace(first, note="One."))
    with pytest.raises(Conflict):
        saved(ada, replace(first, note="Other."))
    with pytest.raises(Conflict):
        retire_template(actor=ada, template_id=UUID(first.id), version=1, now=NOW)


def test_a_second_submit_saves_one(ada: Membership) -> None:
    key = uuid4()
    rows = {save_template(actor=ada, template=WARD, now=NOW, key=key).pk for _ in range(2)}
    assert len(rows) == TemplateRow.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "name"),
        ({"source": ""}, "source"),
        ({"phases": ()}, "one pace or two"),
        ({"phases": (replace(FAST, until_mcg=201_000), SLOW)}, "above the 200 mg/day"),
        ({"phases": (replace(SLOW, until_mcg=40_000), SLOW, FAST)}, "not below"),
        ({"phases": (FAST, replace(SLOW, until_mcg=35_000))}, "not below"),
        ({"phases": (replace(FAST, step_days=0), SLOW)}, "1 or more"),
        ({"phases": (replace(FAST, step_days=None), SLOW)}, "1 or more"),
        ({"phases": (replace(FAST, way=WayUp.EQUAL), SLOW)}, "fits a taper"),
        ({"phases": (replace(SLOW, way=WayDown.THREE_WEEKS),)}, "fits a taper"),
        ({"phases": (replace(SLOW, step_mcg=None),)}, "size of a step"),
        ({"phases": (replace(SLOW, step_mcg=0),)}, "how many mg/day"),
        ({"phases": (replace(SLOW, step_mcg=2_500),)}, "It needs oral solution 5 mg/5 mL"),
        ({"phases": (replace(SLOW, until_mcg=12_000),)}, "12 mg cannot be made"),
        ({"product_codes": ("tablet-99",)}, "products from the list"),
    ],
)
def test_what_breaks_a_limit_cannot_be_saved(changes: dict[str, Any], said: str, ada: Membership) -> None:
    with pytest.raises(DomainError) as refusal:
        saved(ada, replace(WARD, **changes))
    assert said in refusal.value.sentence.replace(NO_BREAK_SPACE, " ")
    assert not TemplateRow.objects.exists()


def test_a_titration_above_the_ceiling_cannot_be_saved(ada: Membership) -> None:
    with pytest.raises(AboveCeiling):
        saved(ada, replace(UP, phases=(replace(UP.phases[0], until_mcg=205_000),)))


@pytest.mark.parametrize(
    "changes",
    [{"target_mcg": 200_100}, {"change_at_mcg": 201_000}, {"step_days": 0}, {"second_step_days": 0},
     {"target_mcg": 40_000}, {"second_way": ""}, {"kind": "pause"}, {"days": 21}, {"step_days": None},
     {"way": "over_days"}, {"way": "over_days", "days": 21}, {"second_way": "over_days"}],
)  # fmt: skip
def test_the_database_refuses_it_too(changes: dict[str, Any], ada: Membership) -> None:
    row = save_template(actor=ada, template=WARD, now=NOW)
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    values |= {"id": None, "public_id": uuid4(), "template_id": uuid4()}
    with pytest.raises(IntegrityError), transaction.atomic():
        TemplateRow(**{**values, **changes}).save(force_insert=True)


@pytest.mark.parametrize(
    "changes",
    [{"days": 0}, {"days": 367}, {"days": None}, {"step_days": 7}, {"step_mcg": 5_000}, {"percent": "10"},
     {"kind": "titration"}],
)  # fmt: skip
def test_the_database_keeps_a_length_alone(changes: dict[str, Any], ada: Membership) -> None:
    row = save_template(actor=ada, template=replace(WARD, phases=(LENGTH,)), now=NOW)
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    values |= {"id": None, "public_id": uuid4(), "template_id": uuid4()}
    with pytest.raises(IntegrityError), transaction.atomic():
        TemplateRow(**{**values, **changes}).save(force_insert=True)


def test_a_version_is_never_changed_or_removed(ada: Membership) -> None:
    saved(ada)
    for sql in ("UPDATE titration_plantemplate SET name = 'x'", "DELETE FROM titration_plantemplate"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


@pytest.mark.parametrize("name", ["WARD  taper", "ward taper"])
def test_two_templates_never_share_a_name(name: str, ada: Membership) -> None:
    saved(ada)
    with pytest.raises(DomainError, match="of this name"):
        saved(ada, replace(WARD, name=" ".join(name.split())))


def test_a_list_ends(ada: Membership) -> None:
    for number in range(MOST_TEMPLATES):
        saved(ada, replace(WARD, name=f"Ward {number}"))
    with pytest.raises(DomainError, match="Retire a template first"):
        saved(ada, replace(WARD, name="One more"))


@each_act
def test_is_audited_by_its_template_and_version(action: str, ada: Membership) -> None:
    ACTS[action](ada)()
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.actor, event.object_type) == (action, ada.user, "plantemplate")
    assert set(event.detail) == {"template", "version"}


@each_act
def test_a_failing_audit_rolls_back(action: str, ada: Membership, refuse_audit: Any) -> None:  # noqa: F811
    act = ACTS[action](ada)
    before = TemplateRow.objects.count()
    refuse_audit()
    with pytest.raises(DatabaseError):
        act()
    assert TemplateRow.objects.count() == before


@each_act
def test_only_an_administrator_saves_them(action: str, ada: Membership, alice: Membership) -> None:
    act = ACTS[action](ada)
    ada.is_clinic_admin, ada.user = False, alice.user
    with pytest.raises(PermissionRefused, match="Only an administrator"):
        act()
    assert AuditEvent.objects.latest("pk").detail["attempt"] == action


def test_another_clinics_template_is_not_there(ada: Membership, charlie: Membership) -> None:
    template = saved(ada)
    charlie.is_clinic_admin = True
    with pytest.raises(DomainError, match="not in the list"):
        retire_template(actor=charlie, template_id=UUID(template.id), version=1, now=NOW)
    assert template_versions(charlie.clinic) == {}
