"""What every response and request satisfies, tried on a site of four small pages."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from titration.models import User

EXPECTED_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self' "
    "https://cdn.jsdelivr.net/npm/chart.js@4.6.1/dist/chart.umd.min.js; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@login_not_required
def open_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{len(request.POST)} fields")


def closed_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("a patient")


@login_not_required
def broken_page(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


@login_not_required
def suspicious_page(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation


urlpatterns = [
    path("open/", open_page),
    path("closed/", closed_page),
    path("broken/", broken_page),
    path("suspicious/", suspicious_page),
    path("sign-in/", open_page, name="sign_in"),
]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "status"),
    [("/open/", 200), ("/closed/", 302), ("/none/", 404), ("/broken/", 500), ("/suspicious/", 400)],
)
def test_every_response_carries_the_fixed_headers(browser: Client, address: str, status: int) -> None:
    response = browser.get(address)
    assert response.status_code == status
    assert {name: response.get(name) for name in EXPECTED_HEADERS} == EXPECTED_HEADERS


def test_an_unknown_host_is_refused_with_the_fixed_headers(browser: Client) -> None:
    response = browser.get("/open/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert {name: response.get(name) for name in EXPECTED_HEADERS} == EXPECTED_HEADERS


def test_a_static_file_carries_them_too_but_may_be_kept(browser: Client) -> None:
    response = browser.get("/static/django_htmx/django-htmx.js")
    assert b"htmx" in response.getvalue()
    assert response.status_code == 200
    carried = {name: response.get(name) for name in EXPECTED_HEADERS if name != "Cache-Control"}
    assert carried == {name: value for name, value in EXPECTED_HEADERS.items() if name != "Cache-Control"}
    assert "no-store" not in response["Cache-Control"]


@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "PUT", "PATCH", "DELETE", "CONNECT", "BREW"])
def test_refuses_the_method(browser: Client, method: str) -> None:
    response = browser.generic(method, "/open/")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize(("size", "status"), [(2_500_000, 200), (2_500_001, 413), (30_000_000, 413)])
def test_bounds_a_body_by_its_declared_size(browser: Client, size: int, status: int) -> None:
    response = browser.post("/open/", "", content_type="text/plain", headers={"content-length": str(size)})
    assert response.status_code == status


@pytest.mark.parametrize(("fields", "status"), [(1000, 200), (1001, 400)])
def test_bounds_the_number_of_fields(browser: Client, fields: int, status: int) -> None:
    response = browser.post("/open/", {f"field{number}": "1" for number in range(fields)})
    assert response.status_code == status


def test_a_page_asks_a_stranger_to_sign_in(browser: Client) -> None:
    response = browser.get("/closed/?a=1")
    assert (response.status_code, response["Location"]) == (302, "/sign-in/?next=/closed/%3Fa%3D1")


def test_htmx_is_told_to_leave_the_whole_page_for_sign_in(browser: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/patients/?a=1"}
    response = browser.get("/closed/", headers=headers)
    assert (response.status_code, response["HX-Redirect"]) == (200, "/sign-in/?next=%2Fpatients%2F%3Fa%3D1")
    assert response.content == b""


def test_htmx_on_a_foreign_page_brings_no_foreign_address_along(browser: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "https://evil.example/"}
    assert browser.get("/closed/", headers=headers)["HX-Redirect"] == "/sign-in/?next=%2F"


@pytest.mark.django_db
def test_a_user_who_is_switched_off_loses_the_running_session(browser: Client) -> None:
    alice = User.objects.create_user("alice@clinic.example", full_name="Alice Arnold")
    browser.force_login(alice)
    assert browser.get("/closed/").content == b"a patient"
    User.objects.update(is_active=False)
    assert browser.get("/closed/").status_code == 302
