"""A form that was sent in an ended session is kept for its person, and sent again after signing in.

What was typed is kept encrypted in the workers' cache for half an hour, under a random id and for the person whose
session ended; nothing is stored in the browser, and no one else can open it. Plain forms need it: the browser has left
their page. htmx leaves its page standing, so there the page itself keeps what was typed and only says what happened.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from cryptography.fernet import InvalidToken
from django.core.cache import cache
from django.http import HttpRequest

from titration.accounts.seeds import locker

KEPT_FOR = timedelta(minutes=30)
LARGEST_BYTES = 60_000
NEVER_KEPT = ("csrfmiddlewaretoken", "next")

type Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptForm:
    """path: where it was sent to; fields: what was sent, in order, without tokens."""

    path: str
    fields: Fields


def keep_form(request: HttpRequest) -> UUID | None:
    """The id under which it is kept; None where it is no such form or nobody knows whose it is."""
    owner = getattr(request, "session_ended_for", None)
    if owner is None or request.method != "POST" or request.FILES:
        return None
    fields = [(name, text) for name, texts in request.POST.lists() for text in texts if name not in NEVER_KEPT]
    packed = json.dumps({"owner": owner, "path": request.get_full_path(), "fields": fields}).encode()
    if len(packed) > LARGEST_BYTES or any("password" in name or name in ("code", "credential") for name, _ in fields):
        return None
    kept_id = uuid4()
    cache.set(_name(kept_id), locker("kept form").encrypt(packed).decode(), timeout=KEPT_FOR.total_seconds())
    return kept_id


def kept_form(kept_id: UUID, owner: int) -> KeptForm | None:
    """Only for the person who sent it."""
    try:
        packed = json.loads(locker("kept form").decrypt(cache.get(_name(kept_id), "").encode()))
    except InvalidToken:
        return None
    if packed["owner"] != owner:
        return None
    return KeptForm(path=packed["path"], fields=tuple((name, text) for name, text in packed["fields"]))


def forget_form(kept_id: UUID) -> None:
    cache.delete(_name(kept_id))


def _name(kept_id: UUID) -> str:
    return f"kept-form:{kept_id}"
