"""What happened to one flag, in order, with who did it: one query."""

from titration.models import Flag, FlagEvent


def flag_events(flag: Flag) -> list[FlagEvent]:
    return list(FlagEvent.objects.filter(flag=flag).select_related("by").order_by("pk"))
