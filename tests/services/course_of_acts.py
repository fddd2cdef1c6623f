"""Random acts on one patient through the real services, on days that go by, for today, ahead or entered late."""

from datetime import date, timedelta
from types import SimpleNamespace

from hypothesis import assume, event, note
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from tests.factories import make_clinic, make_member, make_patient
from tests.services.course import Course
from tests.services.drawn_plans import plan_request
from tests.services.prescribed_by_hand import ONE_DAY
from tests.services.shown_and_saved import check_dose_preview, check_signed
from titration.domain.banner import regimen_on
from titration.domain.guidance import load_guidance
from titration.domain.plan_transitions import Act, is_allowed
from titration.domain.planning import PlanKind, draw_plan
from titration.domain.record import EntryStatus, IntakeKind, SymptomList, TreatmentState
from titration.domain.regimen import Regimen
from titration.imports.checks import DosesAre
from titration.imports.rows import DateOrder
from titration.models import HistoryImport, IntakeReport, Plan, RegimenChange, SedationReport
from titration.services import plans
from titration.services.corrections import mark_entered_in_error
from titration.services.doses import record_dose_change
from titration.services.drafts import CriticalAnswer, IntakeDraft, SedationDraft, SymptomsDraft, TreatmentDraft
from titration.services.history_import import Choices, import_history, undo_import, upload_history
from titration.services.intake import record_intake
from titration.services.plans import Continuation
from titration.services.reassessment import reassess_due
from titration.services.reports import record_sedation, record_symptoms
from titration.services.treatment import change_treatment
from titration.views.plan_page import start_of, under_way
from titration.views.plan_redating import REDATINGS, _redated

GUIDANCE = load_guidance()
ANSWER = CriticalAnswer(reason="supervised")
CEILING_MCG = 200_000

MG = st.sampled_from([0, 0, 5, 5, 10, 10, 15, 20, 20, 20, 25, 30, 40, 60])
REGIMENS = st.builds(
    lambda *mg: Regimen.of(tuple(each * 1000 for each in mg)), MG, st.sampled_from([0, 0, 10, 20, 40]), MG,
    st.sampled_from([0, 0, 0, 10, 30]),
)  # fmt: skip
SOON = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 5, 7, 8, 13, 21, 40])
AROUND = SOON | st.sampled_from([-1, -1, -2, -3, -6, -9, -16, -30, -70])
GAPS = st.sampled_from([1, 1, 2, 3, 4, 7, 7, 7, 9, 14])
WHICH = st.integers(0, 7)
WAYS_OF_DRAWING = st.sampled_from(["by_hand", "by_hand", "equal", "usual"])
FEW_GAPS = st.lists(GAPS, min_size=1, max_size=5)
FIVE_CHANGES = st.lists(st.sampled_from([5, 5, 10, 15, 30]), min_size=5, max_size=5)


class CourseOfActs(Course):
    """Whatever a clinician, or time, may do with one patient."""

    @initialize(takes=REGIMENS, days=st.sampled_from([0, 2, 10, 30, 60, 90]), months=st.sampled_from([None, 0, 1, 24]),
                born=st.sampled_from([date(1950, 3, 12), date(1968, 3, 12)]),
                conditions=st.sampled_from([(), (), ("seizure_disorder",)]))  # fmt: skip
    def register(self, takes: Regimen, days: int, months: int | None, born: date, conditions: tuple[str, ...]) -> None:
        self.clinic = make_clinic()
        self.alice = make_member(self.clinic)
        since = self.today - timedelta(days=days)
        self.patient = make_patient(
            self.alice, takes=takes, since=since, birth_date=born, exposure_months=months, conditions=conditions
        )
        self.model.changes[since] = takes
        self.starts_with_nothing = not takes.daily_mcg

    @rule(days=st.integers(1, 9) | st.sampled_from([14, 30]))
    def days_go_by(self, days: int) -> None:
        self.now += timedelta(days=days)
        list(reassess_due(self.now))

    @rule(days=AROUND, takes=REGIMENS)
    def change_dose(self, days: int, takes: Regimen) -> None:
        before, on = self.record(), self.day(days)
        values = {"reason": "other", "answer": ANSWER, "backdate_reason": "entered late"}
        row = self.write(
            record_dose_change, patient=self.patient, starts_on=on, regimen=takes, **values
        )  # fmt: skip
        if row is None:
            return
        event("dose changed")
        self.model.change(on, takes, self.today, self.live_number())
        check_dose_preview(self, before, on, takes)

    @rule(kind=st.sampled_from(list(IntakeKind)), first=st.sampled_from([0, 0, -1, -2, -5, -12]),
          length=st.sampled_from([None, 0, 0, 1, 4]), takes=REGIMENS, missed=st.integers(1, 3))  # fmt: skip
    def report_intake(self, kind: IntakeKind, first: int, length: int | None, takes: Regimen, missed: int) -> None:
        starts_on = self.day(first)
        last = None if length is None else min(starts_on + timedelta(days=length), self.today)
        report = IntakeDraft(
            kind=kind,
            starts_on=starts_on,
            ends_on=last,
            regimen=takes,
            daily_mcg=takes.daily_mcg,
            missed=missed,
            due=3,
            goes_on=last is None,
        )
        if self.write(record_intake, patient=self.patient, report=report) is not None:
            event("intake reported")

    @rule(grade=st.integers(0, 4), hours=st.integers(0, 72))
    def report_sedation(self, grade: int, hours: int) -> None:
        report = SedationDraft(at=self.now - timedelta(hours=hours), grade=grade)
        self.write(record_sedation, patient=self.patient, report=report)

    @rule(code=st.sampled_from(["insomnia", "confusion", "seizure"]), days=st.integers(0, 5))
    def report_sign(self, code: str, days: int) -> None:
        report = SymptomsDraft(symptom_list=SymptomList.WITHDRAWAL_SIGN, codes=(code,), onset_on=self.day(-days))
        self.write(record_symptoms, patient=self.patient, report=report)

    @rule(which=WHICH, again=st.booleans())
    def correct_a_dose(self, which: int, again: bool) -> None:
        rows = list(RegimenChange.objects.filter(patient=self.patient, status=EntryStatus.CURRENT).order_by("pk"))
        assume(rows)
        row = rows[-1 - which % len(rows)]
        superseded = RegimenChange.objects.filter(superseded_by=row).first()
        done = self.write(mark_entered_in_error, entry=row, reason="slip", enter_again=again)
        if done is None:
            return
        event("dose corrected")
        self.model.error(row.starts_on, self.today, self.live_number())
        if again and superseded is not None:
            self.model.change(row.starts_on, superseded.regimen, self.today, self.live_number())

    @rule(which=WHICH)
    def correct_a_report(self, which: int) -> None:
        rows = [row for model in (IntakeReport, SedationReport)
                for row in model.objects.filter(patient=self.patient, status="current").order_by("pk")]  # fmt: skip
        assume(rows)
        self.write(mark_entered_in_error, entry=rows[which % len(rows)], reason="slip")

    @rule(rows=st.lists(st.tuples(st.integers(-40, 0), st.sampled_from([0, 5, 10, 20, 30])), min_size=1, max_size=3),
          doses_are=st.sampled_from([DosesAre.PRESCRIBED, DosesAre.PRESCRIBED, DosesAre.TAKEN_ON]))  # fmt: skip
    def import_rows(self, rows: list[tuple[int, int]], doses_are: DosesAre) -> None:
        lines = [f"{self.day(days)},{mg},{mg}" for days, mg in dict(rows).items()]
        content = ("date,morning,evening\n" + "\n".join(lines) + "\n").encode()
        choices = Choices(columns=("date", "morning", "evening"), order=DateOrder.ISO, doses_are=doses_are)
        draft = self.write(upload_history, patient=self.patient, content=content)
        if draft is None or self.write(import_history, draft=draft, choices=choices) is None:
            return
        event("imported")
        if doses_are is DosesAre.PRESCRIBED:
            new = {self.day(days): Regimen(morning_mcg=mg * 1000, evening_mcg=mg * 1000) for days, mg in rows}
            self.model.imported(new, self.today, self.live_number())

    @rule()
    def take_an_import_back(self) -> None:
        made = HistoryImport.objects.filter(patient=self.patient, state="imported").order_by("-pk").first()
        assume(made is not None)
        ids = made.entry_ids.get("regimens", [])
        days = list(
            RegimenChange.objects.filter(public_id__in=ids, status="current").values_list("starts_on", flat=True)
        )
        if self.write(undo_import, made=made, reason="other file") is not None:
            event("import undone")
            self.model.taken_back(days, self.today, self.live_number())

    @rule(kind=st.sampled_from([TreatmentState.MOVED, TreatmentState.DIED]))
    @precondition(lambda self: self.live() is not None)
    def end_it_by_mistake(self, kind: TreatmentState) -> None:
        """The record is as before, but no step of the plan begins until somebody resumes it."""
        draft = TreatmentDraft(kind=kind, on=self.today, handed_to="Dr Pine", why="moved away")
        row = self.write(change_treatment, patient=self.patient, draft=draft)
        if row is None:
            return
        event("treatment ended and put back")
        self.patient.refresh_from_db()
        self.write(mark_entered_in_error, entry=row, reason="other patient")
        self.patient.refresh_from_db()
        self.model.no_step_from(self.today + ONE_DAY)

    # plans

    @rule(kind=st.sampled_from(list(PlanKind)), first=SOON, way=WAYS_OF_DRAWING, gaps=FEW_GAPS, mg=FIVE_CHANGES,
          end=st.sampled_from([0, 0, 5, 20]), replaces=WHICH, sign=st.booleans())  # fmt: skip
    def draft(
        self, *, kind: PlanKind, first: int, way: str, gaps: list[int], mg: list[int], end: int, replaces: int,
        sign: bool,
    ) -> None:  # fmt: skip
        record, first_on = self.record(), self.day(first)
        start = regimen_on(record, first_on - ONE_DAY)
        assume(start is not None)
        drafts = list(Plan.objects.filter(patient=self.patient, state="draft"))
        old = drafts[replaces] if replaces < len(drafts) else None
        draft = self.attempt(lambda: draw_plan(plan_request(kind, start, first_on, way, gaps, mg, end), GUIDANCE))
        if draft is None:
            return
        plan = self.write(plans.draft_plan, patient=self.patient, draft=draft, replaces=old)
        if plan is not None and sign:
            self.sign(plan)

    @rule(which=WHICH)
    def sign_a_draft(self, which: int) -> None:
        drafts = list(Plan.objects.filter(patient=self.patient, state="draft").select_related("patient__clinic"))
        assume(drafts)
        self.sign(drafts[which % len(drafts)])

    def sign(self, plan: Plan) -> None:
        scene = self.scene(plan)
        start, judged = start_of(scene), scene.judged
        signed = self.write(plans.sign_plan, plan=plan, answer=ANSWER, state_version=plan.state_version)
        if signed is None:
            return
        event(f"signed {plan.kind}")
        self.model.sign(signed.number, judged.steps)
        check_signed(self, signed, start, judged)

    @rule(which=WHICH)
    def discard_a_draft(self, which: int) -> None:
        drafts = list(Plan.objects.filter(patient=self.patient, state="draft").select_related("patient__clinic"))
        assume(drafts)
        plan = drafts[which % len(drafts)]
        self.write(plans.stop_plan, plan=plan, reason="not wanted", state_version=plan.state_version)

    @rule(days=st.none() | SOON)
    @precondition(lambda self: self.live() is not None)
    def hold(self, days: int | None) -> None:
        plan = self.live()
        on = None if days is None else self.day(days)
        held = self.write(plans.hold_plan, plan=plan, reason="unwell", held_on=on, state_version=plan.state_version)
        if held is not None:
            event("held")
            self.model.hold_by_hand(held.held_on, self.today)

    @rule()
    @precondition(lambda self: self.live() is not None)
    def stop(self) -> None:
        plan = self.live()
        if self.write(plans.stop_plan, plan=plan, reason="wish", state_version=plan.state_version) is not None:
            event("stopped")
            self.model.no_step_from(self.today + ONE_DAY)

    @rule(act=st.sampled_from(list(REDATINGS)), days=SOON, pace=st.sampled_from(["1", "3/2", "2"]),
          stable=st.sampled_from([3, 7]), step=st.integers(1, 8),
          then=st.sampled_from(["keep", "move_up"]))  # fmt: skip
    @precondition(lambda self: self.live() is not None)
    def redate(self, act: Act, days: int, pace: str, stable: int, step: int, then: str) -> None:
        plan, on = self.live(), self.day(days)
        assume(is_allowed(plan.state, act))
        scene = self.scene(plan)
        answers = {"first_on": on, "pace": pace, "on": on, "stable_days": stable, "step": str(step), "then": then}
        found = _redated(scene, under_way(scene), REDATINGS[act], SimpleNamespace(is_bound=False), answers)
        if found.judged is None:
            note(f"refused: {found.sentence}")
            return
        more = REDATINGS[act].more({"step": step})
        shown = Continuation(steps=found.judged.steps, reason="spasms", state_version=plan.state_version, answer=ANSWER)
        new = self.write(REDATINGS[act].write, plan=plan, continuation=shown, **more)
        assert new is not None, "what was shown is refused"
        event(f"redated: {act}")
        self.model.redate(new.number, found.judged.steps, self.today)
        check_signed(self, new, found.start, found.judged, goes_back=act is Act.STEP_BACK)

    @rule(which=WHICH)
    @precondition(lambda self: self.live() is not None)
    def confirm(self, which: int) -> None:
        steps = list(self.live().steps.filter(starts_on__lte=self.today).select_related("plan__patient__clinic"))
        assume(steps)
        if self.write(plans.confirm_step, step=steps[-1 - which % len(steps)]) is not None:
            event("confirmed")
