"""The cast, as fixtures.

Alice prescribes, nina logs, paul drafts and exports, bob only reads, charlie works elsewhere, ada runs the clinic.
"""

import pytest

from tests.factories import make_clinic, make_member, make_patient
from titration.models import Clinic, Membership, Patient, Role


@pytest.fixture
def clinic(db: None) -> Clinic:
    return make_clinic()


@pytest.fixture
def other_clinic(db: None) -> Clinic:
    return make_clinic("Pain clinic")


@pytest.fixture
def alice(clinic: Clinic) -> Membership:
    return make_member(clinic, Role.CLINICIAN, name="Alice Ames")


@pytest.fixture
def nina(clinic: Clinic) -> Membership:
    return make_member(clinic, Role.NURSE, name="Nina Nash")


@pytest.fixture
def paul(clinic: Clinic) -> Membership:
    return make_member(clinic, Role.PHARMACIST, name="Paul Pike")


@pytest.fixture
def bob(clinic: Clinic) -> Membership:
    return make_member(clinic, Role.READ_ONLY, name="Bob Brook")


@pytest.fixture
def ada(clinic: Clinic) -> Membership:
    return make_member(clinic, Role.READ_ONLY, name="Ada Acre", is_clinic_admin=True)


@pytest.fixture
def charlie(other_clinic: Clinic) -> Membership:
    return make_member(other_clinic, Role.CLINICIAN, name="Charlie Chase")


@pytest.fixture
def patient(alice: Membership) -> Patient:
    """Takes 20 mg three times a day since sixty days, two years before that."""
    return make_patient(alice)


@pytest.fixture
def other_patient(charlie: Membership) -> Patient:
    return make_patient(charlie, family_name="Elsewhere")
