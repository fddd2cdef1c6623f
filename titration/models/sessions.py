"""Where a signed-in person's session and the values shared by all workers are kept.

A session row names its person, so that all of a person's sessions can be listed and ended at once. The shared values
are counters and used codes of sign-in: Django's database cache reads and writes that table by itself.
"""

import uuid

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from titration.fields import LineField
from titration.models.people import User

CACHE_TABLE = "titration_sharedvalue"
LONGEST_BROWSER = 60


class Session(AbstractBaseSession):
    """Of a visitor, or from sign-in on of a person."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    began_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    browser = LineField(max_length=LONGEST_BROWSER, blank=True, default="")
    address = models.GenericIPAddressField(null=True)

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        from titration.sessions import SessionStore

        return SessionStore


class SharedValue(models.Model):
    """A row of the cache: the columns are Django's."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = CACHE_TABLE

    def __str__(self) -> str:
        return self.cache_key
