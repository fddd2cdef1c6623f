"""A form that was corrected already is corrected again: what counts is shown, and one entry counts in the end."""

from uuid import uuid4

from tests.views.test_form_used_already import DOSE, SEDATION, SignIn, buttons, pairs, press, send
from titration.models import Membership, Patient, RegimenChange, SedationReport
from titration.views.used_ways import CORRECT


def counting(patient: Patient) -> list[int]:
    return list(SedationReport.objects.filter(patient=patient, status="current").values_list("grade", flat=True))


def test_the_correction_stands_beside_what_is_typed_next(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    client, typed = as_member(alice), {"key": str(uuid4()), **SEDATION}
    send(client, "log_sedation", patient, typed)
    press(client, send(client, "log_sedation", patient, {**typed, "grade": "2"}).content.decode(), CORRECT)
    page = send(client, "log_sedation", patient, {**typed, "grade": "0"}).content.decode()
    assert pairs(page)["Sedation"][0][0].startswith("2")
    assert list(buttons(page)) == [CORRECT]
    press(client, page, CORRECT)
    assert counting(patient) == [0]


def test_of_two_pages_that_correct_one_form_one_dose_counts(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    client, typed = as_member(alice), {"key": str(uuid4()), **DOSE}
    send(client, "log_dose", patient, typed)
    days = ("2026-11-14", "2026-11-15")
    pages = [send(client, "log_dose", patient, {**typed, "starts_on": on}).content.decode() for on in days]
    for page in pages:
        assert press(client, page, CORRECT).status_code == 302
    standing = RegimenChange.objects.filter(patient=patient, status="current", as_told=False)
    assert [row.starts_on.isoformat() for row in standing] == ["2026-11-15"]
