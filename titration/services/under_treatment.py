"""Who is no longer under treatment gets no new dose, plan or review: the treatment is put back first."""

from titration.domain.errors import DomainError
from titration.models import Patient, TreatmentStatus

_PUT_BACK = (
    "If it goes on, put it back first: on the patient's page, under Status, choose \u201cUnder treatment again\u201d."
)
_SENTENCES = {
    TreatmentStatus.ENDED: f"This treatment has ended. {_PUT_BACK}",
    TreatmentStatus.MOVED: f"This treatment was handed over. {_PUT_BACK}",
    TreatmentStatus.DIED: "This patient has died. If that was entered in error, correct it in the time line first: "
    "\u201cCorrect an entry\u201d, then \u201cEntered in error?\u201d beside the death.",
}


class NotUnderTreatment(DomainError):
    """The sentence says how to put the treatment back."""


def refused_words(patient: Patient) -> str:
    """Why nothing new is ordered, "" while under treatment."""
    return _SENTENCES.get(TreatmentStatus(patient.treatment_status), "")


def check_under_treatment(patient: Patient) -> None:
    if words := refused_words(patient):
        raise NotUnderTreatment(words)
