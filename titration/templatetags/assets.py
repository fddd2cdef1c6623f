"""`{% cdn_script "chart.js" %}`: the script from the CDN, or its verified local copy.

Either way the tag carries the hash the browser must find. A local copy that was never collected is told in the log and
costs a page its script alone: what the script would draw, the server has drawn too.
"""

import logging

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from titration.assets import ASSETS, Asset

logger = logging.getLogger(__name__)
register = template.Library()


@register.simple_tag
def cdn_script(package: str) -> SafeString:
    asset = ASSETS[package]
    address = _local_address(asset) if settings.TITRATION_ASSETS == "local" else asset.cdn_url
    if not address:
        return SafeString("")
    return format_html(
        '<script src="{}" integrity="{}" crossorigin="anonymous" referrerpolicy="no-referrer" defer></script>',
        address,
        asset.integrity,
    )


def _local_address(asset: Asset) -> str:
    """Empty where the copy is not among the collected files."""
    try:
        return static(asset.vendored_name)
    except ValueError:
        logger.error("The local copy of %s is missing: run vendor_assets, then collectstatic.", asset.package)
        return ""
