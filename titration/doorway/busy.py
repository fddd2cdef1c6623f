"""What a request is answered that has waited its time for others about the same patient: what was typed comes back."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from titration.doorway.door import BUSY
from titration.trouble import LOCKED
from titration.views.unavailable import unavailable

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class BusyMiddleware:
    """Asks no database; stands where the headers of a page are already seen to."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return unavailable(request, LOCKED) if request.META.get(BUSY) else self.get_response(request)
