"""Requests that no page of ours makes: damaged ones, and forms in which a field stands twice.

None of them reaches a view, and each is answered with a page of ours, whatever layer refused it. A value that is given
twice is never chosen from: of two doses nobody knows which one was meant.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render

from titration.views.errors import page_of

GetResponse = Callable[[HttpRequest], HttpResponseBase]

OWN_PAGES = frozenset({400, 403, 404, 405, 413, 416, 429})
# Of these a form holds as many as were ticked.
MANY = frozenset({"codes", "conditions", "missed_times", "products"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_ADDRESSES = ("HTTP_HX_CURRENT_URL", "HTTP_REFERER", "HTTP_ORIGIN")


class OwnPagesMiddleware:
    """A refusal without a word (a method, a range, a length) gets its page. Stands inside the headers of every page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_damaged(request):
            return page_of(400)
        answer = self.get_response(request)
        return _told(answer) if answer.status_code in OWN_PAGES and not _says_something(answer) else answer


class OnceEachMiddleware:
    """Stands behind the check against forgery, which has read the form already."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponseBase | None:
        twice = sorted({*_twice(request.GET), *_twice(request.POST), *_twice_among(request.FILES.lists())})
        return (
            render(request, "twice.html", {"fields": [_words(name) for name in twice]}, status=400) if twice else None
        )


def _says_something(answer: HttpResponseBase) -> bool:
    """Refusals of static files are streams of nothing."""
    return not answer.streaming and bool(getattr(answer, "content", b""))


def _told(answer: HttpResponseBase) -> HttpResponse:
    """What else the answer says (which methods, which range) stays in its headers."""
    page = page_of(answer.status_code)
    for name, value in answer.headers.items():
        page.headers.setdefault(name, value)
    return page


def is_damaged(request: HttpRequest) -> bool:
    """Characters that no address holds, an address in a header that is none, or a form in an alphabet of its own."""
    if (request.content_params or {}).get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        return True
    texts = (request.path_info, *_all(request.GET), *request.COOKIES, *request.COOKIES.values())
    return any(_CONTROL.search(text) for text in texts) or not all(map(_is_address, _sent(request)))


def _sent(request: HttpRequest) -> Iterable[str]:
    return (request.META.get(name, "") for name in _ADDRESSES)


def _is_address(text: str) -> bool:
    try:
        return not _CONTROL.search(text) and urlsplit(text).port is not False
    except ValueError:
        return False


def _all(values: QueryDict) -> Iterable[str]:
    return (text for name, texts in values.lists() for text in (name, *texts))


def _twice(values: QueryDict) -> Iterable[str]:
    return _twice_among(values.lists())


def _twice_among(lists: Iterable[tuple[str, Sequence[object]]]) -> Iterable[str]:
    return (name for name, given in lists if len(given) > 1 and name not in MANY)


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
