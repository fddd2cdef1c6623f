"""Plans, their steps and what happened to them, and the reviews that watch them.

A version never changes its steps: a re-dated plan is a new version that replaces the old one. state and state_version
are the only columns that move, each move with its PlanEvent.
"""

import uuid

from django.db import models
from django.db.models import Q

from titration.domain.plan_transitions import LIVE_STATES, StepState
from titration.domain.record import PlanKind, PlanState
from titration.domain.regimen import Regimen
from titration.fields import LineField, MicrogramsField, NoteField
from titration.models.bounds import columns, one_of, pair, sensible_date, whole_doses, within_ceiling
from titration.models.people import User
from titration.models.treatment import FourDoses, Patient

LIVE = [state.value for state in LIVE_STATES]
STEP_STATES = [state.value for state in StepState]


class Plan(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="plans")
    number = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=1)
    kind = LineField(max_length=12)
    state = LineField(max_length=12, default=PlanState.DRAFT)
    products = models.JSONField(default=list)
    request = models.JSONField(default=dict)
    start_morning_mcg = MicrogramsField(default=0)
    start_midday_mcg = MicrogramsField(default=0)
    start_evening_mcg = MicrogramsField(default=0)
    start_bedtime_mcg = MicrogramsField(default=0)
    target_mcg = MicrogramsField()
    content_hash = LineField(max_length=64)
    guidance_version = LineField(max_length=20)
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    held_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    answer_reason = LineField(max_length=40, blank=True, default="")
    answer_comment = NoteField()
    state_version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "number", "version"],
                name="plan_version_once",
                violation_error_message="Another version of this plan was saved. Reload the page and compare.",
            ),
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(state__in=LIVE),
                name="plan_one_live_a_patient",
                violation_error_message="Another plan of this patient is running. Stop it or replace it first.",
            ),
            one_of("kind", [kind.value for kind in PlanKind], owner="plan"),
            one_of("state", [state.value for state in PlanState], owner="plan"),
            whole_doses(*columns("start_"), "target_mcg", owner="plan"),
            within_ceiling(*columns("start_"), owner="plan", label="start"),
            within_ceiling("target_mcg", owner="plan", label="target"),
            pair("signed_by", "signed_at", owner="plan"),
            models.CheckConstraint(
                condition=Q(state=PlanState.DRAFT, signed_at__isnull=True)
                | (~Q(state=PlanState.DRAFT) & Q(signed_at__isnull=False))
                | Q(state=PlanState.STOPPED),
                name="plan_signed_before_it_runs",
                violation_error_message="A plan is signed before it runs.",
            ),
            models.CheckConstraint(
                condition=~Q(state=PlanState.HELD) | Q(held_on__isnull=False),
                name="plan_held_has_its_day",
                violation_error_message="Say from which day the plan is held.",
            ),
            sensible_date("held_on", owner="plan"),
            sensible_date("ended_on", owner="plan"),
        ]

    def __str__(self) -> str:
        return f"plan {self.number}, version {self.version}"

    @property
    def start(self) -> Regimen:
        return Regimen.of(
            (self.start_morning_mcg, self.start_midday_mcg, self.start_evening_mcg, self.start_bedtime_mcg)
        )


class PlanStep(FourDoses):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    state = LineField(max_length=12, default="planned")

    class Meta:
        ordering = ["plan_id", "number"]
        constraints = [
            *FourDoses.Meta.constraints,
            models.UniqueConstraint(
                fields=["plan", "number"],
                name="planstep_number_once",
                violation_error_message="Two steps have one number.",
            ),
            models.UniqueConstraint(
                fields=["plan", "starts_on"],
                name="planstep_date_once",
                violation_error_message="Two steps begin on one date.",
            ),
            one_of("state", STEP_STATES),
            sensible_date("starts_on"),
        ]
        indexes = [models.Index(fields=["starts_on"], name="step_by_date")]

    def __str__(self) -> str:
        return f"step {self.number} from {self.starts_on}"


class PlanEvent(models.Model):
    """What happened to a plan. Append-only by trigger."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="events")
    kind = LineField(max_length=20)
    reason = NoteField()
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind}, {self.plan}"


class Review(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="reviews")
    due_on = models.DateField()
    how = LineField(max_length=12)
    purpose = LineField(max_length=200)
    plan_step = models.ForeignKey(PlanStep, models.PROTECT, null=True, blank=True, related_name="reviews")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    done_on = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    error_reason = NoteField(max_length=500)
    error_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    error_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("how", ["clinic", "telephone"], owner="review"),
            pair("done_by", "done_on", owner="review"),
            pair("error_by", "error_at", owner="review"),
            models.CheckConstraint(
                condition=Q(error_at__isnull=True) | (Q(done_on__isnull=True) & ~Q(error_reason="")),
                name="review_error_explained",
                violation_error_message="Say why the review was entered in error; one that was done is not.",
            ),
            sensible_date("due_on", owner="review"),
            sensible_date("done_on", owner="review"),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(done_on__isnull=True), name="review_open_by_date"),
            models.Index(fields=["patient", "due_on"], name="review_by_patient"),
        ]

    def __str__(self) -> str:
        return f"review due {self.due_on}"
