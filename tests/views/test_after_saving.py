"""An error that comes once an entry is stored: the answer is 503 with the form's key, and sent again it counts once."""

from collections.abc import Callable
from typing import Any, NoReturn
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path, reverse

from tests.services.acts import SCORES
from titration.models import Membership, Patient, ResponseScore
from titration.selectors import get_patient
from titration.services.drafts import FormKey
from titration.services.reports import record_scores
from titration.urls import urlpatterns as product
from titration.views.desk import FORM, ClinicRequest, clinic_page

pytestmark = pytest.mark.django_db
handler500 = "titration.views.unavailable.server_error"


@clinic_page(*FORM)
def save_and_fail(request: ClinicRequest, patient_id: UUID) -> NoReturn:
    save(request, patient_id)
    raise RuntimeError("The page after it cannot be shown.")


@clinic_page(*FORM)
def fail(request: ClinicRequest, patient_id: UUID) -> NoReturn:
    raise RuntimeError("Nothing was saved.")


@clinic_page(*FORM)
def only_save(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    save(request, patient_id)
    return HttpResponse("saved")


def save(request: ClinicRequest, patient_id: UUID) -> None:
    patient = get_patient(request.membership, patient_id)
    key = FormKey(key=UUID(request.POST["key"]))
    record_scores(actor=request.membership, patient=patient, report=SCORES, now=request.now, key=key)


urlpatterns = [
    path("saves-and-fails/<uuid:patient_id>/", save_and_fail, name="save_and_fail"),
    path("fails/<uuid:patient_id>/", fail, name="fail"),
    path("saves/<uuid:patient_id>/", only_save, name="only_save"),
    *product,
]

type Post = Callable[..., Any]


@pytest.fixture
def post(alice: Membership, patient: Patient) -> Post:
    browser = Client(raise_request_exception=False)
    browser.force_login(alice.user)

    def send(name: str, **headers: str) -> Any:
        with override_settings(ROOT_URLCONF=__name__, DEBUG=False):
            address = reverse(name, args=[patient.public_id])
            return browser.post(address, {"key": KEY, "note": "typed words"}, headers=headers)

    return send


KEY = str(uuid4())


def test_a_page_that_fails_after_saving_says_so_and_keeps_the_key(post: Post) -> None:
    answer = post("save_and_fail")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    page = answer.content.decode()
    assert "What you sent is on file" in page
    assert KEY in page
    assert ResponseScore.objects.count() == len(SCORES.values)


def test_sent_again_it_is_answered_with_what_stands(post: Post) -> None:
    post("save_and_fail")
    assert post("only_save").status_code == 200
    assert ResponseScore.objects.count() == len(SCORES.values)


def test_htmx_is_told_in_a_sentence(post: Post) -> None:
    answer = post("save_and_fail", hx_request="true")
    assert answer.status_code == 503
    assert answer.content.decode().startswith("What you sent is on file")


def test_an_error_before_anything_was_saved_stays_one(post: Post) -> None:
    assert post("fail").status_code == 500
