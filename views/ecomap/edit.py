"""Recording from the ecomap: what happened with the selected agency, who came, which tie changed.

The forms are those of the page 記録; only the internal look offers them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import streamlit as st

from graph.collation import sort_by_reading
from views.frame import Context
from views.markdown import escape
from views.record.forms import show_event_form, show_person_form, show_tie_form

FORMS: Final = ("event", "person", "tie")


def offer_edits(
    context: Context, organization_id: str, agencies: Sequence[Mapping[str, Any]]
) -> None:
    """Draw a button per form; the form opens over the picture and closes when it is saved."""
    names = {row["organization_id"]: row["name"] for row in sort_by_reading(agencies)}
    others = {context.facility_id or "": context.facility_name} | names
    del others[organization_id]
    forms: dict[str, Callable[[], None]] = {
        "event": lambda: show_event_form(context, organization_id),
        "person": lambda: show_person_form(context, organization_id),
        "tie": lambda: _choose_other(context, organization_id, others),
    }
    for name in FORMS:
        if st.button(context.say(f"ecomap_page.edit.{name}"), key=f"edit_{name}", width="stretch"):
            title = f"{escape(names[organization_id])}：{context.say(f'ecomap_page.edit.{name}')}"
            st.dialog(title, width="large")(forms[name])()


def _choose_other(context: Context, organization_id: str, others: Mapping[str, str]) -> None:
    other = st.selectbox(
        context.say("ecomap_page.edit.other"),
        list(others),
        format_func=lambda key: others[key],
        key="edit_other",
    )
    show_tie_form(context, organization_id, other)
