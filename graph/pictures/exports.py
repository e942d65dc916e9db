"""An ecomap to take along: one HTML file, a workbook, and the network it shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Final

import networkx as nx

from graph.pictures.model import Ecomap, Say
from graph.spreadsheets import write_workbook

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_STYLE: Final = (
    "html,body{margin:0;height:100%;background:#fff}"
    "svg{display:block;width:100vw;height:100vh}"
    "@page{size:A4 landscape;margin:8mm}"
    "@media print{svg{width:100%;height:auto;max-height:100vh;page-break-inside:avoid}}"
)


def write_html(svg: str, title: str, language: str) -> str:
    """Return a page that holds the picture alone; it fetches nothing and runs nothing.

    `svg` is the text of `draw_ecomap`, already escaped; `title` is any text.
    """
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>{svg}</body></html>"
    )


def make_network(ecomap: Ecomap) -> nx.MultiDiGraph[str]:
    """Return the agencies and centres as nodes and the ties as edges, source to target.

    Attributes: name, field, stage and role (centre or agency) of a node; strength, quality and
    flow of an edge. An unknown value is the empty text, which every file of networks can hold.
    """
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph(
        name=ecomap.title, as_of=ecomap.as_of.isoformat(), look=ecomap.look
    )
    for key, name in zip(ecomap.ego_ids, ecomap.ego_names, strict=True):
        network.add_node(key, label=_plain(name), field="", stage="", role="centre")
    for agency in ecomap.agencies:
        network.add_node(
            agency.organization_id,
            label=_plain(agency.name),
            field=agency.field,
            stage=agency.stage or "",
            role="agency",
        )
    for tie in ecomap.ties:
        if tie.source_id in network and tie.target_id in network:
            words = {"strength": tie.strength, "quality": tie.quality, "flow": tie.flow or ""}
            network.add_edge(tie.source_id, tie.target_id, **words)
    return network


def write_ecomap_workbook(
    ecomap: Ecomap, sentences: Sequence[str], label: Callable[[str, str | None], str], say: Say
) -> bytes:
    """Return a workbook: agencies, ties, changes, and what the words mean.

    `sentences` are the changes as read aloud; `label(kind, code)` gives the word of a code, kind
    being field, stage, strength, quality or flow; `say` gives the other words.
    """
    names = dict(zip(ecomap.ego_ids, ecomap.ego_names, strict=True))
    names |= {agency.organization_id: agency.name for agency in ecomap.agencies}
    head: list[list[object]] = [[ecomap.title], [ecomap.as_of], [say(f"ecomap.look.{ecomap.look}")]]
    agencies = [
        [agency.name, agency.short_name, label("field", agency.field), label("stage", agency.stage)]
        for agency in ecomap.agencies
    ]
    ties = [
        [
            names[tie.source_id],
            names[tie.target_id],
            label("strength", tie.strength),
            label("quality", tie.quality),
            label("flow", tie.flow),
        ]
        for tie in ecomap.ties
        if tie.source_id in names and tie.target_id in names
    ]
    return write_workbook(
        {
            say("ecomap_page.sheet.about"): head,
            say("ecomap_page.sheet.agencies"): [_headers(say, "agencies", 4), *agencies],
            say("ecomap_page.sheet.ties"): [_headers(say, "ties", 5), *ties],
            say("ecomap_page.sheet.changes"): [
                [say("ecomap_page.sheet.changes")],
                *([text] for text in sentences),
            ],
        }
    )


def _headers(say: Say, sheet: str, count: int) -> list[str]:
    return [say(f"ecomap_page.column.{sheet}{number}") for number in range(1, count + 1)]


def _plain(text: str) -> str:
    """Return `text` without what XML cannot hold."""
    return "".join(character for character in text if character >= " ")
