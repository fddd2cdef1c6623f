"""The rows. Each module holds one family of nouns; constraints guard every invariant the database can see."""

from titration.models.people import User

__all__ = ["User"]
