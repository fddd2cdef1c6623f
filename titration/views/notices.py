"""What every page says for as long as it stands, whatever it is about."""

from django.http import HttpRequest

from titration.services.clock import is_behind


def of_the_clock(_request: HttpRequest) -> dict[str, bool]:
    """A context processor; asks no database."""
    return {"clock_is_behind": is_behind()}
