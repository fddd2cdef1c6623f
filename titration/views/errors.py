"""The pages of refusals that no view has answered.

Django's own put a token against forgery into them, and read the form for it: a form that cannot be read would then be
answered by no page at all. These read nothing of the request.
"""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def bad_request(_request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's own name
    return page_of(400)


def forbidden(_request: HttpRequest, exception: Exception) -> HttpResponse:
    return page_of(403, exception=str(exception))


def not_found(_request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return page_of(404)


def failed() -> HttpResponse:
    return page_of(500)


def page_of(status: int, **said: str) -> HttpResponse:
    return HttpResponse(render_to_string(f"{status}.html", said), status=status)
