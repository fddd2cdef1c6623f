"""For which days the report that is being typed would count, said before it is saved and again afterwards."""

from typing import Any

from titration.domain.intake_span import GOES_ON_BY_ITSELF, counted_words, last_day
from titration.domain.record import IntakeEntry, IntakeKind
from titration.forms.intake import IntakeForm
from titration.services.drafts import IntakeDraft
from titration.views.log_panel import Subject

CHOOSE = "Choose what was taken: for which days it would count is said here."
ONE_DAY = (
    "It counts for its own day alone. Write the last day, or tick that it goes on, where it was so for longer. "
    "The figures follow once the form is filled in."
)
ON_AND_ON = "It counts until another report says otherwise, or up to the last day if one is written."


def counted(subject: Subject, form: Any) -> tuple[str, ...]:
    """In sentences, as the record would then say; empty for other forms and for what cannot be read."""
    if not isinstance(form, IntakeForm) or not form.is_bound or not form.is_valid():
        return ()
    return counted_words(subject.record, _entry(subject, form.draft), subject.today)


def days_context(subject: Subject, form: Any) -> dict[str, Any]:
    """For `log/intake.html`: what the whole form says, else what the chosen kind alone does."""
    if not isinstance(form, IntakeForm):
        return {}
    return {"counted": counted(subject, form) or (_of_its_kind(str(form["kind"].value() or "")),)}


def _of_its_kind(kind: str) -> str:
    if kind not in IntakeKind:
        return CHOOSE
    return ON_AND_ON if IntakeKind(kind) in GOES_ON_BY_ITSELF else ONE_DAY


def _entry(subject: Subject, draft: IntakeDraft) -> IntakeEntry:
    ends_on = last_day(draft.kind, starts_on=draft.starts_on, ends_on=draft.ends_on, goes_on=draft.goes_on)
    return IntakeEntry(
        id="proposed",
        recorded_at=subject.now,
        recorded_by="",
        kind=draft.kind,
        starts_on=draft.starts_on,
        ends_on=ends_on,
        regimen=draft.regimen,
        daily_mcg=draft.daily_mcg,
        missed=draft.missed,
        due=draft.due,
    )
