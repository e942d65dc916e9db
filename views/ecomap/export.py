"""Taking the ecomap along: downloads of exactly what is on the screen, also from full screen."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import streamlit as st

from exporters.networks import write_gexf, write_graphml, write_kumu
from graph.pictures.exports import make_network, write_ecomap_workbook, write_html
from graph.pictures.model import Ecomap
from graph.rights import Unrecorded
from graph.spreadsheets import MEDIA_TYPE
from graph.vocabulary import FIELDS, FLOWS, QUALITIES, STAGES, STRENGTHS, Vocabulary
from views.downloads import offer_download
from views.frame import Context

_VOCABULARIES: dict[str, Vocabulary] = {
    "field": FIELDS, "stage": STAGES, "strength": STRENGTHS, "quality": QUALITIES, "flow": FLOWS,
}  # fmt: skip


_ENDINGS: Final = {"kumu": "kumu.json"}
_WANTED: Final = "ecomap_wanted_file"
_COUNT: Final = "ecomap_file_count"


@dataclass(frozen=True, slots=True)
class Download:
    """A file that is made when it is asked for."""

    name: str
    mime: str
    make: Callable[[], str | bytes]


def list_downloads(
    context: Context, ecomap: Ecomap, svg: str, sentences: Sequence[str]
) -> dict[str, Download]:
    """Return kind → download; {} for who may take no files out.

    The files hold what the picture's look allows, since they are made from the same values.
    """
    if not context.may("export"):
        return {}
    name = context.say("ecomap_page.file_name", date=ecomap.as_of.isoformat())
    label = partial(_label, context)
    makers: dict[str, tuple[str, Callable[[], str | bytes]]] = {
        "xlsx": (
            MEDIA_TYPE,
            lambda: write_ecomap_workbook(ecomap, sentences, label, context.say),
        ),
        "html": ("text/html", lambda: write_html(svg, ecomap.title, context.language)),
        "graphml": ("application/xml", lambda: write_graphml(make_network(ecomap))),
        "gexf": ("application/xml", lambda: write_gexf(make_network(ecomap))),
        "kumu": ("application/json", lambda: write_kumu(make_network(ecomap))),
    }
    return {
        kind: Download(f"{name}.{_ENDINGS.get(kind, kind)}", *maker)
        for kind, maker in makers.items()
    }


def offer_exports(context: Context, downloads: Mapping[str, Download]) -> None:
    """Draw the menu of downloads; nothing where there are none."""
    if not downloads:
        return
    with st.popover(context.say("ecomap_page.export.menu")):
        st.caption(context.say("ecomap_page.export.pictures"))
        for kind, download in downloads.items():
            offer_download(
                context,
                context.say(f"ecomap_page.export.{kind}"),
                download.make,
                download.name,
                download.mime,
                key=f"export_{kind}",
                width="stretch",
            )


def want_file(kind: str) -> None:
    """Have the next run hand out the picture, or a file for its buttons in full screen."""
    st.session_state[_WANTED] = kind
    st.session_state[_COUNT] = st.session_state.get(_COUNT, 0) + 1


def take_file(context: Context, downloads: Mapping[str, Download]) -> dict[str, object] | None:
    """Return what was wanted, once, for the browser to save or print; None when nothing was.

    It is on record before it leaves; what cannot be put on record stays, and that is said.
    """
    kind = st.session_state.pop(_WANTED, None)
    if kind is None or not downloads:
        return None
    download = downloads.get(kind)  # None for the picture itself, which the browser has
    try:
        context.actor.note("export", download.name if download else f"ecomap.{kind}", None)
    except Unrecorded:
        st.error(context.say("store.not_recorded"), icon="🔒")
        return None
    content = _write_file(download) if download else {"kind": kind}
    return {"number": st.session_state[_COUNT], **content}


def _write_file(download: Download) -> dict[str, str]:
    made = download.make()
    content = made.encode() if isinstance(made, str) else made
    return {
        "name": download.name,
        "mime": download.mime,
        "content": b64encode(content).decode("ascii"),
    }


def _label(context: Context, kind: str, code: str | None) -> str:
    return context.label(_VOCABULARIES[kind], code)
