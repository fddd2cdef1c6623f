"""What a column or the database refused, as the sentence that the constraint carries."""

from django.core.exceptions import ValidationError
from django.db import Error, models

_UNNAMED = "These values do not fit together. Check them and save again."


def invalid_sentence(error: ValidationError, row: models.Model | None = None) -> str:
    if row is None or not hasattr(error, "error_dict"):
        return str(error.messages[0])
    name, problems = next(iter(error.error_dict.items()))
    words = str(getattr(row._meta.get_field(name), "verbose_name", name))
    return _sentence(problems[0], words)


def _sentence(problem: ValidationError, words: str) -> str:
    if problem.code in ("blank", "null"):
        return f"Write the {words}."
    if problem.code == "max_length":
        return f"Shorten the {words}."
    if problem.code == "null_characters_not_allowed":
        return f"Remove the unprintable character from the {words}."
    if problem.code == "invalid_choice":
        return f"Choose the {words} from the list."
    return str(problem.messages[0])


def refused_sentence(error: Error, model: type[models.Model]) -> str:
    """The message of the constraint that the database names: by its name, or on SQLite by its columns."""
    text = str(error)
    for constraint in model._meta.constraints:
        if constraint.name in text or _names_columns(text, constraint, model):
            return str(constraint.violation_error_message)
    return _UNNAMED


def _names_columns(text: str, constraint: models.BaseConstraint, model: type[models.Model]) -> bool:
    if not isinstance(constraint, models.UniqueConstraint) or "UNIQUE" not in text:
        return False
    columns = [getattr(model._meta.get_field(name), "column", name) for name in constraint.fields]
    return text.endswith(", ".join(f"{model._meta.db_table}.{column}" for column in columns))
