"""What a request is answered that no view is asked about: it has waited its time for others about the same patient, and
what was typed comes back; or its body did not come in its time, or is more than can be held.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from titration.doorway.door import BUSY, NOT_READ
from titration.trouble import LOCKED
from titration.views.errors import page_of
from titration.views.unavailable import unavailable

TOO_MANY = "Too much is arriving just now. Nothing was saved."

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class BusyMiddleware:
    """Asks no database; stands where the headers of a page are already seen to."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if status := request.META.get(NOT_READ):
            return page_of(status, sentence=TOO_MANY, is_form="yes", until="Wait a few seconds")
        return unavailable(request, LOCKED) if request.META.get(BUSY) else self.get_response(request)
