"""The product's addresses, and one that fails: how else would one see the page of a failure?"""

from typing import NoReturn

from django.http import HttpRequest
from django.urls import path

from titration.urls import urlpatterns as product


def fail(request: HttpRequest) -> NoReturn:
    raise RuntimeError("This address fails on purpose.")


handler500 = "titration.views.unavailable.server_error"
urlpatterns = [*product, path("fails-on-purpose/", fail)]
