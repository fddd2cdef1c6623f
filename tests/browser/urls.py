"""The product's addresses, and one that fails: how else would one see the page of a failure?"""

from typing import NoReturn

from django.http import HttpRequest
from django.urls import path

from titration import urls


def fail(request: HttpRequest) -> NoReturn:
    raise RuntimeError("This address fails on purpose.")


handler400, handler403, handler404 = urls.handler400, urls.handler403, urls.handler404
handler500 = urls.handler500
urlpatterns = [*urls.urlpatterns, path("fails-on-purpose/", fail)]
