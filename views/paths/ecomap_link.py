"""A link from a path to the ecomap that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from urllib.parse import urlencode

from texts import DEFAULT_LANGUAGE
from views.ecomap.path import link_to_path
from views.frame import DATE, Context
from views.tables import Markup


def draw_ecomap_link(context: Context, stops: Sequence[str]) -> Markup:
    """Return the link as HTML; it keeps facility, day and language, and names agencies only."""
    kept: dict[str, str] = {}
    if context.facility_id is not None:
        kept["facility"] = context.facility_id
    if context.as_of != date.today():
        kept[DATE] = context.as_of.isoformat()
    if context.language != DEFAULT_LANGUAGE:
        kept["lang"] = context.language
    # The ecomap is the first page; a relative address also holds behind a path of the server's.
    address = f"./?{urlencode(kept | link_to_path(stops))}"
    words = escape(context.say("paths.to_ecomap"))
    return Markup(f'<a href="{escape(address)}" target="_self">{words}</a>')
