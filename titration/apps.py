"""The one app. Its label is part of the database and stays "titration"."""

from django.apps import AppConfig


class TitrationConfig(AppConfig):
    name = "titration"
    label = "titration"
    verbose_name = "Baclofen titration"

    def ready(self) -> None:
        from titration import checks, connections, sessions, sign_ins  # noqa: F401 - registers the system checks and the signal receivers
        from titration.accounts import second_factor, traces  # noqa: F401 - the receivers of the second factor
