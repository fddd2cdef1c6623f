"""A clinic's own plan templates. Append-only: a change is a new version, and a plan names the one it came from.

The newest version of a template is the one that counts; a retired one is offered no more.
"""

import uuid

from django.db import models
from django.db.models import F, Q

from titration.domain.planning import DoseOrder, WayDown, WayUp
from titration.domain.record import PlanKind
from titration.fields import LineField, MicrogramsField, NoteField
from titration.models.bounds import one_of, whole_doses, within_ceiling
from titration.models.people import Clinic, User

NAME_LENGTH = 80
MOST_DAYS = 366
PACES = [WayDown.EQUAL.value, WayDown.PROPORTIONAL.value, WayUp.EQUAL.value]
WAYS = [*PACES, WayDown.OVER_DAYS.value]


def _days(name: str, words: str = "how many days lie between two steps") -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{name}__range": (1, MOST_DAYS)}) | Q(**{f"{name}__isnull": True}),
        name=f"template_{name}_one_or_more",
        violation_error_message=f"Write {words}: 1 or more.",
    )


class PlanTemplate(models.Model):
    """One version. days: the whole length of a way that has one. change_at_mcg and the second columns: where another
    pace begins, all empty where there is one."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="plan_templates")
    template_id = models.UUIDField(default=uuid.uuid4)
    version = models.PositiveIntegerField(default=1)
    name = LineField(max_length=NAME_LENGTH)
    kind = LineField(max_length=12)
    target_mcg = MicrogramsField()
    way = LineField(max_length=20)
    step_mcg = MicrogramsField(null=True, blank=True)
    percent = LineField(max_length=6, blank=True, default="")
    step_days = models.PositiveSmallIntegerField(null=True, blank=True)
    days = models.PositiveSmallIntegerField(null=True, blank=True)
    change_at_mcg = MicrogramsField(null=True, blank=True)
    second_way = LineField(max_length=20, blank=True, default="")
    second_step_mcg = MicrogramsField(null=True, blank=True)
    second_percent = LineField(max_length=6, blank=True, default="")
    second_step_days = models.PositiveSmallIntegerField(null=True, blank=True)
    product_codes = models.JSONField(default=list, blank=True)
    dose_order = LineField(max_length=16, default=DoseOrder.EVENLY.value)
    note = NoteField()
    source = LineField(max_length=200)
    is_retired = models.BooleanField(default=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["template_id", "version"],
                name="template_version_once",
                violation_error_message="Another version of this template was saved. Reload the page and compare.",
            ),
            one_of("kind", [kind.value for kind in PlanKind], owner="template"),
            one_of("way", WAYS, owner="template"),
            one_of("second_way", ["", *PACES], owner="template"),
            one_of("dose_order", [order.value for order in DoseOrder], owner="template"),
            whole_doses("target_mcg", "step_mcg", "change_at_mcg", "second_step_mcg", owner="template"),
            within_ceiling("target_mcg", owner="template", label="target"),
            within_ceiling("change_at_mcg", owner="template", label="change"),
            _days("step_days"),
            _days("second_step_days"),
            _days("days", "over how many days the taper goes"),
            models.CheckConstraint(
                condition=Q(way=WayDown.OVER_DAYS.value, kind=PlanKind.TAPER.value, days__isnull=False)
                & Q(step_days__isnull=True, step_mcg__isnull=True, percent="", change_at_mcg__isnull=True)
                | (~Q(way=WayDown.OVER_DAYS.value) & Q(days__isnull=True, step_days__isnull=False)),
                name="template_length_or_pace",
                violation_error_message="Write either over how many days the taper goes, or the days between steps.",
            ),
            models.CheckConstraint(
                condition=Q(change_at_mcg__isnull=True, second_way="", second_step_days__isnull=True)
                | (Q(change_at_mcg__isnull=False, second_step_days__isnull=False) & ~Q(second_way="")),
                name="template_second_pace_whole",
                violation_error_message="A second pace needs where it begins, its way and its days.",
            ),
            models.CheckConstraint(
                condition=Q(change_at_mcg__isnull=True)
                | Q(kind=PlanKind.TAPER.value, change_at_mcg__gt=F("target_mcg"))
                | Q(kind=PlanKind.TITRATION.value, change_at_mcg__lt=F("target_mcg")),
                name="template_one_direction",
                violation_error_message="A taper never rises and a titration never falls: change the pace on the way.",
            ),
        ]
        indexes = [models.Index(fields=["clinic", "template_id", "-version"], name="template_newest")]

    def __str__(self) -> str:
        return f"template version {self.version}"
