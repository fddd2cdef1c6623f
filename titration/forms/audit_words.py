"""What each action of the audit is called on its page, in the order in which a filter offers them.

An action without words here is shown by its code and cannot be asked for alone; a test names those of our own services.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from titration.domain.units import show_mg_per_day
from titration.forms.audit_pages import PAGES, REFUSALS

ACTIONS = {
    "patient.read": "Looked at a patient",
    "plan.read": "Looked at a plan",
    "flag.read": "Looked at a flag",
    "worklist.read": "Looked at the worklist",
    "search.read": "Searched for patients",
    "plan.exported": "Exported a plan",
    "week.asked": "Asked for the steps of a week",
    "week.exported": "Took the steps of a week",
    "audit.read": "Looked at the audit",
    "audit.exported": "Exported the audit",
    "refused": "Was refused",
    "signed_in": "Signed in",
    "signed_out": "Signed out",
    "sign_in_failed": "Failed to sign in",
    "second_factor.asked": "Gave the right password and was asked for a second factor",
    "second_factor.shown": "Showed a second factor",
    "second_factor.refused": "Failed at the second factor",
    "second_factor.added": "Added a second factor",
    "second_factor.removed": "Removed a second factor",
    "second_factor.renewed": "Renewed recovery codes",
    "password.refused": "Gave a wrong present password",
    "password.changed": "Changed a password",
    "password.reset": "Reset a password by mail",
    "session.ended_elsewhere": "Ended other sessions",
    "patient.registered": "Registered a patient",
    "patient.changed": "Changed a patient's details",
    "treatment.changed": "Recorded where a treatment stands",
    "dose.changed": "Changed a dose",
    "intake.recorded": "Recorded what was taken",
    "sedation.recorded": "Recorded sedation",
    "symptoms.recorded": "Recorded effects or signs",
    "symptom.ended": "Ended an effect or sign",
    "scores.recorded": "Recorded scores",
    "condition.recorded": "Recorded a condition",
    "condition.ended": "Ended a condition",
    "medicine.recorded": "Recorded a medicine",
    "medicine.ended": "Ended a medicine",
    "kidney.recorded": "Recorded kidney function",
    "interruption.recorded": "Recorded an interruption",
    "interruption.note_written": "Wrote a continuity note",
    "supply.dispensed": "Recorded what was dispensed",
    "entry.entered_in_error": "Marked an entry as in error",
    "import.uploaded": "Uploaded a history",
    "import.drafts_expired": "Dropped abandoned uploads",
    "history.imported": "Imported a history",
    "history.import_undone": "Took an import back",
    "plan.drafted": "Drafted a plan",
    "plan.redrafted": "Drew a draft again",
    "plan.signed": "Signed a plan",
    "plan.held": "Held a plan",
    "plan.resumed": "Re-dated a plan",
    "plan.slowed_down": "Slowed a plan down",
    "plan.stepped_back": "Stepped a plan back",
    "plan.skipped": "Skipped a step",
    "plan.step_confirmed": "Confirmed a step",
    "plan.replaced": "Replaced a plan's version",
    "plan.cut_short": "Cancelled the remaining steps of a plan that was over",
    "plan.completed": "Completed a plan",
    "plan.stopped": "Stopped or discarded a plan",
    "flags.changed": "Flags changed",
    "flag.accepted": "Accepted a flag",
    "flag.contact": "Logged a contact",
    "review.planned": "Planned a review",
    "review.done": "Marked a review as done",
    "review.entered_in_error": "Took a review back",
    "form.repeated": "Sent a form again",
    "template.saved": "Saved a plan template",
    "template.retired": "Retired a plan template",
    "template.brought_back": "Brought a template back",
    "product.added": "Added a product",
    "product.retired": "Retired a product",
    "product.brought_back": "Brought a product back",
    "products.chosen": "Chose the clinic's products",
    "reason.added": "Added a reason",
    "reason.renamed": "Renamed a reason",
    "reason.retired": "Retired a reason",
    "clock.accepted": "Accepted the server's clock",
    "digest.sent": "Sent the daily mail",
    "clinic.opened": "Opened the clinic",
    "clinic.changed": "Changed the clinic",
    "invitation.sent": "Invited a person",
    "invitation.revoked": "Took an invitation back",
    "member.added": "Added a member",
    "member.joined": "Joined the clinic",
    "member.changed": "Changed a member",
    "member.disabled": "Disabled a member",
    "member.enabled": "Let a member in again",
}


def action_words(action: str) -> str:
    return ACTIONS.get(action) or action.replace(".", ": ").replace("_", " ").capitalize()


# What a part of the detail is called, and its value in words, where the code says too little.
_TOLD: Mapping[str, tuple[str, Callable[[Any], str]]] = {
    "page": ("page", lambda name: PAGES.get(name, name)),
    "refusal": ("why", lambda name: REFUSALS.get(name, name)),
    "attempt": ("attempt", lambda action: f"“{action_words(action)}”"),
    "daily_mcg": ("daily dose", show_mg_per_day),
}


def told_words(detail: dict[str, Any]) -> str:
    """ "page: kidney function, rows: 3": as an administrator reads it."""
    return _joined(_told(name, value) for name, value in detail.items() if _plain(value))


def detail_words(detail: dict[str, Any]) -> str:
    """ "page: kidney, rows: 3": codes as they are kept."""
    return _joined((name.replace("_", " "), _plain(value)) for name, value in detail.items() if _plain(value))


def _told(name: str, value: Any) -> tuple[str, str]:
    words, show = _TOLD.get(name, (name.replace("_", " "), _plain))
    return words, show(value)


def _joined(parts: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in parts)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(map(_plain, value))
    if isinstance(value, dict):
        return " ".join(f"{name} {_plain(each)}" for name, each in value.items())
    return "yes" if value is True else "" if value in (None, False, "") else str(value)
