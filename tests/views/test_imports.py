"""A history out of a file, on its pages: upload or paste, columns, preview, import, take back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.imports.bombs import BOMBS
from tests.imports.books import bomb, xlsx
from tests.services.acts import HISTORY, imported_history, uploaded_history
from titration.models import HistoryImport, IntakeReport, Membership, Patient, RegimenChange

SignIn = Callable[[Membership], Client]
CHOSEN = {"column_0": "date", "column_1": "morning", "column_2": "evening", "column_3": "pain", "order": "iso"}


def upload(client: Client, patient: Patient, content: bytes, name: str = "doses.csv") -> Any:
    return client.post(address(patient), {"file": SimpleUploadedFile(name, content), "text": ""})


def address(patient: Patient, row: HistoryImport | None = None, name: str = "import_preview") -> str:
    ids = [patient.public_id] if row is None else [patient.public_id, row.public_id]
    return reverse("history_import" if row is None else name, args=ids)


def send(client: Client, row: HistoryImport, **changes: str) -> Any:
    page = client.get(address(row.patient, row)).content.decode()
    key = page.split('name="key" value="')[1].split('"')[0] if 'name="key"' in page else "x"
    return client.post(address(row.patient, row), {**CHOSEN, "doses_are": "prescribed", "key": key, **changes})


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param({"file": SimpleUploadedFile("a.csv", HISTORY), "text": ""}, id="a file"),
        pytest.param({"text": HISTORY.decode()}, id="pasted"),
        pytest.param({"file": SimpleUploadedFile("a.xlsx", xlsx(["date", "daily"], ["2026-06-01", 10]))}, id="xlsx"),
    ],
)
def test_an_upload_leads_to_its_preview(
    sent: dict[str, Any], as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    client = as_member(alice)
    response = client.post(address(patient), sent)
    draft = HistoryImport.objects.get()
    assert response.url == address(patient, draft)
    page = client.get(response.url).content.decode()
    assert "rows can be imported" in page
    assert "Taken" not in page or "what was taken" in page.lower()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        pytest.param({"text": ""}, "Choose a file or paste a table", id="nothing"),
        pytest.param({"text": "date,a\n1,2,3\n"}, "Row 2 has more cells", id="a bad row"),
        pytest.param({"file": SimpleUploadedFile("a.xlsx", bomb()), "text": ""}, "unpacks to more", id="a zip bomb"),
        pytest.param({"file": SimpleUploadedFile("a.csv", b""), "text": ""}, "There is no table", id="an empty file"),
    ],
)  # fmt: skip
def test_a_bad_file_costs_nothing(
    sent: dict[str, Any], words: str, as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    response = as_member(alice).post(address(patient), sent)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not HistoryImport.objects.exists()


@pytest.mark.parametrize("name", ["many styles", "many shared strings", "the last cell of all"])
def test_a_file_made_to_hold_the_server_up_is_refused_in_words(
    name: str, as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    make, words = BOMBS[name]
    response = upload(as_member(alice), patient, make(), "doses.xlsx")
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not HistoryImport.objects.exists()


def test_more_than_a_file_may_hold_is_refused_unread(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    refused = upload(as_member(alice), patient, b"x" * 5_600_000)
    assert refused.status_code == 413
    assert "Split the table" in refused.content.decode()
    assert f'href="{address(patient)}"' in refused.content.decode()
    assert upload(as_member(alice), patient, b"x" * 5_100_000).status_code == 422


def test_other_pages_take_no_large_body(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    large = {"note": SimpleUploadedFile("a.csv", b"x" * 2_600_000)}
    client, form = as_member(alice), reverse("log_dose", args=[patient.public_id])
    refused = client.post(form, large)
    assert refused.status_code == 413
    assert "shorten what you typed" in refused.content.decode()
    large["note"].seek(0)
    words = client.post(form, large, headers={"hx-request": "true"}).content.decode()
    assert words == "This is too large; nothing was saved. Shorten it."


def test_supposes_columns_and_lets_them_be_changed(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    client, draft = as_member(alice), uploaded_history(alice, patient)
    page = client.get(address(patient, draft)).content.decode()
    assert '<option value="morning" selected>' in page
    changed = {**CHOSEN, "column_3": "", "doses_are": "prescribed"}
    page = client.get(address(patient, draft), changed).content.decode()
    assert "This adds 2 prescribed doses, each marked as imported" in page
    page = client.get(address(patient, draft), {**changed, "column_0": ""}).content.decode()
    assert "Choose which column holds the date" in page


def test_the_preview_names_row_and_column(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    draft = uploaded_history(alice, patient, b"date,daily\n02/03/2026,1_0\n2026-06-01,10\n")
    client = as_member(alice)
    page = client.get(address(patient, draft)).content.decode()
    assert "1 of 2 rows cannot be imported" in page
    assert "Row 2, column “date”" in page
    assert "Row 2, column “daily”" in page
    assert "Import 2 rows" not in page
    chosen = {"column_0": "date", "column_1": "daily", "order": "iso", "doses_are": "taken_on"}
    refused = client.post(address(patient, draft), {**chosen, "key": "3f0b2f6e-6d3a-4b53-9f44-000000000001"})
    assert refused.status_code == 422
    assert "Nothing was imported. Row 2" in refused.content.decode()
    assert not IntakeReport.objects.exists()


def test_hostile_cells_are_inert(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    hostile = "</script><script>alert(1)</script>{{7*7}}"
    draft = uploaded_history(alice, patient, f'date,daily,"{hostile}"\n{hostile},=1+1,{hostile}\n'.encode())
    page = as_member(alice).get(address(patient, draft)).content.decode()
    assert "<script>alert" not in page
    assert "{{7*7}}" in page


def test_imports_and_takes_back(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    client, draft = as_member(alice), uploaded_history(alice, patient)
    assert send(client, draft).url == reverse("patient", args=[patient.public_id])
    assert RegimenChange.objects.filter(status="current").count() == 3
    assert "Imported, row 2." in client.get(reverse("patient", args=[patient.public_id])).content.decode()
    assert "Take it back?" in client.get(address(patient, draft)).content.decode()
    client.post(address(patient, draft, "import_undo"), {"reason": "Another patient's file"})
    assert RegimenChange.objects.filter(status="current").count() == 1
    listed = client.get(address(patient)).content.decode()
    assert "Taken back on" in listed


def test_a_nurse_reads_why_she_prescribes_nothing(as_member: SignIn, nina: Membership, patient: Patient) -> None:
    client, draft = as_member(nina), uploaded_history(nina, patient)
    page = client.get(address(patient, draft), {**CHOSEN, "doses_are": "prescribed"}).content.decode()
    assert "Only a clinician prescribes." in page
    assert send(client, draft).status_code == 403
    assert RegimenChange.objects.count() == 1


def test_a_draft_is_seen_by_who_uploaded_it(
    as_member: SignIn, alice: Membership, nina: Membership, patient: Patient
) -> None:
    draft = uploaded_history(alice, patient)
    assert as_member(nina).get(address(patient, draft)).status_code == 404


def test_another_patients_import_is_not_found(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    from tests.factories import make_patient

    made = imported_history(alice, patient)
    assert as_member(alice).get(address(make_patient(alice), made)).status_code == 404


def test_a_long_table_is_shown_in_part(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    lines = "".join(f"2026-06-01,{'x' if row % 2 else 10}\n" for row in range(1000))
    draft = uploaded_history(alice, patient, f"date,daily\n{lines}".encode())
    response = as_member(alice).get(address(patient, draft))
    assert response.content.count(b"<tr") < 200
    assert "more rows are not shown" in response.content.decode()


@pytest.mark.parametrize(
    ("doses_are", "day_mg", "is_to_check"),
    [
        pytest.param("taken_on", "200", False, id="a diary at the ceiling"),
        pytest.param("taken_on", "200.1", True, id="a diary above it"),
        pytest.param("taken_from", "300", True, id="taken until the next row"),
    ],
)
def test_a_day_above_the_ceiling_can_be_imported_and_is_to_be_checked(
    doses_are: str, day_mg: str, is_to_check: bool, as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    good = "".join(f"2026-0{month}-{day:02},30\n" for month in (3, 4) for day in range(1, 31))
    draft = uploaded_history(alice, patient, f"date,daily\n{good}2026-06-01,{day_mg}\n".encode())
    chosen = {"column_0": "date", "column_1": "daily", "order": "iso", "doses_are": doses_are}
    shown = as_member(alice).get(address(patient, draft), chosen).content.decode()
    words = f"Can be imported. {day_mg}\u00a0mg/day is above the ceiling of 200\u00a0mg/day. Check the row."
    assert "All 61 rows can be imported" in shown
    assert (words in shown, "1 row to check before you import" in shown) == (is_to_check, is_to_check)
