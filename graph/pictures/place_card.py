"""The card for a client's file: whom to call near the destination, on one sheet of paper.

It holds no client's name: there is a line to write it by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final, Literal

from graph.pictures.svg import FONTS

Paper = Literal["A4", "A5"]
Say = Callable[..., str]

MOST_AGENCIES: Final[dict[Paper, int]] = {"A4": 10, "A5": 5}
"""As many as find room on the sheet."""

_STYLE: Final = """
@page{{size:{paper} portrait;margin:9mm}}
*{{box-sizing:border-box}}
body{{font-family:{fonts};color:#1d2733;margin:0;font-size:{size}pt;line-height:1.4}}
main{{width:{width}mm;max-width:100%;margin:0 auto}}
h1{{font-size:1.35em;margin:0 0 2mm;overflow:hidden;white-space:nowrap;text-overflow:ellipsis}}
.name{{border-bottom:.3mm solid #1d2733;height:11mm;padding-top:5mm;margin-bottom:2mm}}
.facts{{margin:0 0 2mm}}
.facts div,.line{{overflow:hidden;white-space:nowrap;text-overflow:ellipsis}}
ol{{list-style:none;padding:0;margin:0}}
li{{border-top:.2mm solid #9fb0bf;height:{block}mm;padding:1.2mm 0;overflow:hidden}}
.head{{display:flex;justify-content:space-between;gap:4mm;font-weight:700}}
.head span:last-child{{white-space:nowrap;font-size:1.1em}}
.head span:first-child{{overflow:hidden;white-space:nowrap;text-overflow:ellipsis}}
footer{{border-top:.2mm solid #9fb0bf;padding-top:1.5mm;font-size:.8em;color:#56616c}}
"""
_SIZES: Final[dict[Paper, tuple[float, float, float]]] = {"A4": (190, 10.5, 21), "A5": (130, 9, 21)}


@dataclass(frozen=True, slots=True)
class CardAgency:
    """An agency on the card: its number in the table, and lines in the order they are read."""

    number: int | None
    name: str
    phone: str
    lines: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on the card; all of it is text already in the card's language."""

    place: str
    date: str
    facility: str
    needs: str
    agencies: Sequence[CardAgency]
    paper: Paper
    language: str


def write_card(card: Card, say: Say) -> str:
    """Return the card as an HTML document that prints on one sheet.

    A long name ends in "…"; agencies beyond `MOST_AGENCIES` are left out. No agencies leave an
    empty list. Nothing in it is loaded from anywhere.
    """
    width, size, block = _SIZES[card.paper]
    style = _STYLE.format(
        paper=card.paper, fonts=FONTS, width=width, size=f"{size:g}", block=f"{block:g}"
    )
    title = say("nearby.card.heading", area=card.place)
    agencies = "".join(map(_draw_agency, card.agencies[: MOST_AGENCIES[card.paper]]))
    body = (
        f"<main><h1>{escape(title)}</h1>"
        f'<div class="name">{escape(say("nearby.card.name_line"))}</div>'
        f'<div class="facts">{_draw_facts(card, say)}</div><ol>{agencies}</ol>'
        f"<footer>{escape(say('nearby.card.footer'))}</footer></main>"
    )
    return (
        f'<!doctype html><html lang="{escape(card.language)}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{style}</style></head><body>{body}</body></html>"
    )


def _draw_facts(card: Card, say: Say) -> str:
    facts = [
        say("nearby.card.made", date=card.date, facility=card.facility),
        say("nearby.card.needs", needs=card.needs) if card.needs else "",
    ]
    return "".join(f"<div>{escape(fact)}</div>" for fact in facts if fact)


def _draw_agency(agency: CardAgency) -> str:
    name = agency.name if agency.number is None else f"{agency.number}. {agency.name}"
    lines = "".join(f'<div class="line">{escape(line)}</div>' for line in agency.lines if line)
    head = f"<span>{escape(name)}</span><span>{escape(agency.phone)}</span>"
    return f'<li><div class="head">{head}</div>{lines}</li>'
