"""The demo's clinics and the people who sign in, all with the one demo password."""

from dataclasses import dataclass

from titration.demo.sign_in import DEMO_EMAIL, DEMO_PASSWORD
from titration.models import Clinic, LabelSet, Membership, Role, User

DEMO_CLINIC = "Spasticity clinic, Demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    key: str
    email: str
    full_name: str
    role: str
    is_clinic_admin: bool = False


COLLEAGUES = (
    Colleague(key="okafor", email=DEMO_EMAIL, full_name="R. Okafor", role=Role.CLINICIAN, is_clinic_admin=True),
    Colleague(key="brandt", email="brandt@demo.invalid", full_name="L. Brandt", role=Role.NURSE),
    Colleague(key="lindqvist", email="lindqvist@demo.invalid", full_name="P. Lindqvist", role=Role.PHARMACIST),
    Colleague(key="reader", email="reader@demo.invalid", full_name="S. Reader", role=Role.READ_ONLY),
)
HARBOUR_COLLEAGUES = (
    Colleague(
        key="okafor", email="varga@demo.invalid", full_name="T. Varga", role=Role.CLINICIAN, is_clinic_admin=True
    ),
)


def open_demo_clinic() -> dict[str, Membership]:
    """The clinic of the six stories, and who works there by key."""
    clinic = Clinic.objects.create(
        name=DEMO_CLINIC,
        telephone="01632 960 417",
        hours="Mon to Fri, 8:30 to 17:00",
        out_of_hours="other times 111",
        emergency_wording="Ring 999 and say that baclofen is being changed.",
        label_set=LabelSet.US,
        product_codes=["tablet-10-halves", "tablet-5"],
    )
    return _hire(clinic, COLLEAGUES)


def open_harbour_clinic() -> dict[str, Membership]:
    """A second clinic, to show that one clinic sees nothing of another."""
    clinic = Clinic.objects.create(
        name="Harbour pain clinic, Demo",
        telephone="01632 960 902",
        hours="Tue to Thu, 9:00 to 16:00",
        out_of_hours="other times 111",
        emergency_wording="In an emergency ring 999.",
        label_set=LabelSet.UK,
        product_codes=["tablet-10-halves"],
    )
    return _hire(clinic, HARBOUR_COLLEAGUES)


def _hire(clinic: Clinic, colleagues: tuple[Colleague, ...]) -> dict[str, Membership]:
    return {colleague.key: _membership(clinic, colleague) for colleague in colleagues}


def _membership(clinic: Clinic, colleague: Colleague) -> Membership:
    user = User.objects.create_user(colleague.email, DEMO_PASSWORD, full_name=colleague.full_name)
    return Membership.objects.create(
        user=user, clinic=clinic, role=colleague.role, is_clinic_admin=colleague.is_clinic_admin
    )
