"""What the worklist is asked. Which rows and which page: read from the address by an allow list; whom to find: from
what was sent, since a name in an address would be kept by browsers and proxies.
"""

from collections.abc import Mapping

from titration.selectors import WorklistFilter

MOST_PAGES_DIGITS = 4
MOST_TYPED = 80


def asked_filter(query: Mapping[str, str]) -> WorklistFilter:
    """Everything where the address names no filter that exists."""
    asked = query.get("show", "")
    return WorklistFilter(asked) if asked in {each.value for each in WorklistFilter} else WorklistFilter.ALL


def asked_page(query: Mapping[str, str]) -> int:
    text = query.get("page", "")
    readable = text.isascii() and text.isdigit() and len(text) <= MOST_PAGES_DIGITS
    return max(1, int(text)) if readable else 1


def asked_text(sent: Mapping[str, str]) -> str:
    return sent.get("q", "")[:MOST_TYPED].strip()
