"""Writes the common form controls directly: Django renders a template for each, and a form has twenty of them.

The same elements and attributes as Django's own templates, every text escaped; a control that is not in the table is
left to Django.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

type Widget = Mapping[str, Any]


class PlainControls(DjangoTemplates):
    """Named in settings.FORM_RENDERER."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        write = _WRITERS.get(template_name.removeprefix("django/forms/widgets/"))
        if write is None:
            return super().render(template_name, context, request)
        return mark_safe(write(context["widget"]))  # noqa: S308 - every writer escapes what it puts in


def _attributes(widget: Widget) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{conditional_escape(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{conditional_escape(widget["value"])}"'
    return f'<input type="{widget["type"]}" name="{conditional_escape(widget["name"])}"{value}{_attributes(widget)}>'


def _textarea(widget: Widget) -> str:
    """The line break after the tag is no part of the value: browsers leave it out."""
    value = conditional_escape(widget["value"] or "")
    return f'<textarea name="{conditional_escape(widget["name"])}"{_attributes(widget)}>\n{value}</textarea>'


def _select(widget: Widget) -> str:
    groups = "".join(_group(name, options) for name, options, _ in widget["optgroups"])
    return f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget)}>{groups}\n</select>'


def _group(name: str | None, options: list[Widget]) -> str:
    written = "".join(f"\n  {_option(option)}" for option in options)
    return f'\n  <optgroup label="{conditional_escape(name)}">{written}\n  </optgroup>' if name else written


def _option(widget: Widget) -> str:
    value, label = conditional_escape(widget["value"]), conditional_escape(widget["label"])
    return f'<option value="{value}"{_attributes(widget)}>{label}</option>'


def _choice(widget: Widget) -> str:
    """One radio button or box of a list; inside a label only where the widget wraps it itself."""
    if not widget.get("wrap_label"):
        return _input(widget)
    own_id = widget["attrs"].get("id")
    target = f' for="{conditional_escape(own_id)}"' if own_id else ""
    return f"<label{target}>{_input(widget)} {conditional_escape(widget['label'])}</label>"


_WRITERS: dict[str, Callable[[Widget], str]] = {
    **dict.fromkeys(("input.html", "text.html", "hidden.html", "date.html", "email.html", "password.html"), _input),
    **dict.fromkeys(("radio_option.html", "checkbox_option.html"), _choice),
    "textarea.html": _textarea,
    "select.html": _select,
}
