"""Taking the ecomap along: downloads of exactly what is on the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from graph.pictures.exports import (
    write_ecomap_workbook,
    write_gexf,
    write_graphml,
    write_html,
)
from graph.pictures.model import Ecomap
from graph.vocabulary import FIELDS, FLOWS, QUALITIES, STAGES, STRENGTHS, Vocabulary
from views.frame import Context

_VOCABULARIES: dict[str, Vocabulary] = {
    "field": FIELDS, "stage": STAGES, "strength": STRENGTHS, "quality": QUALITIES, "flow": FLOWS,
}  # fmt: skip


def offer_exports(context: Context, ecomap: Ecomap, svg: str, sentences: Sequence[str]) -> None:
    """Draw the menu of downloads; a file is made when it is asked for.

    The files hold what the picture's look allows, since they are made from the same values.
    """
    name = context.say("ecomap_page.file_name", date=ecomap.as_of.isoformat())
    label = partial(_label, context)
    files: dict[str, tuple[str, Callable[[], str | bytes]]] = {
        "xlsx": (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            lambda: write_ecomap_workbook(ecomap, sentences, label, context.say),
        ),
        "html": ("text/html", lambda: write_html(svg, ecomap.title, context.language)),
        "graphml": ("application/xml", lambda: write_graphml(ecomap)),
        "gexf": ("application/xml", lambda: write_gexf(ecomap)),
    }
    with st.popover(context.say("ecomap_page.export.menu")):
        st.caption(context.say("ecomap_page.export.pictures"))
        for ending, (mime, make) in files.items():
            st.download_button(
                context.say(f"ecomap_page.export.{ending}"),
                data=make,
                file_name=f"{name}.{ending}",
                mime=mime,
                on_click="ignore",
                key=f"export_{ending}",
                width="stretch",
            )


def _label(context: Context, kind: str, code: str | None) -> str:
    return context.label(_VOCABULARIES[kind], code)
