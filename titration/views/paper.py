"""How a paper is wanted: its language and the size of its letters, as a form that a plain link can also answer."""

from dataclasses import dataclass

from django import forms
from django.http import Http404, QueryDict

from titration.exports.language import LANGUAGES

SIZES = {"normal": "Normal", "large": "Large print, 16 points and more"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperChoice:
    language_code: str = "en"
    is_large: bool = False


class PaperForm(forms.Form):
    """Both have a usual value: an address without them is the normal sheet in English."""

    use_required_attribute = False
    language = forms.ChoiceField(label="Language", choices=list(LANGUAGES.items()), widget=forms.RadioSelect)
    size = forms.ChoiceField(label="Letters", choices=list(SIZES.items()), widget=forms.RadioSelect)


def paper_choice(query: QueryDict) -> PaperChoice:
    """Raises Http404 for a language or a size that no page offers."""
    language, size = query.get("language", "en"), query.get("size", "normal")
    if language not in LANGUAGES or size not in SIZES:
        raise Http404
    return PaperChoice(language_code=language, is_large=size == "large")
