"""`{% cdn_script "chart.js" %}`: the script from the CDN, or its verified local copy.

Either way the tag carries the hash the browser must find.
"""

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from titration.assets import ASSETS

register = template.Library()


@register.simple_tag
def cdn_script(package: str) -> SafeString:
    asset = ASSETS[package]
    local = settings.TITRATION_ASSETS == "local"
    return format_html(
        '<script src="{}" integrity="{}" crossorigin="anonymous" referrerpolicy="no-referrer" defer></script>',
        static(asset.vendored_name) if local else asset.cdn_url,
        asset.integrity,
    )
