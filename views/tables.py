"""A table as HTML: it wraps long names, prints, and is read aloud, which a drawn grid does not."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

STYLE: Final = """<style>
table.plain{border-collapse:collapse;width:100%;font-size:.95rem;line-height:1.45;margin:0 0 .5rem}
table.plain th{background:#eef2f5;text-align:left;font-weight:700;padding:.35rem .6rem;
  border-bottom:2px solid #9fb0bf;white-space:nowrap}
table.plain td{padding:.35rem .6rem;border-bottom:1px solid #dbe2e8;vertical-align:top}
table.plain td:not([class]){overflow-wrap:anywhere;min-width:4.5rem}
table.plain td.number,table.plain th.number{text-align:right;white-space:nowrap}
table.plain td.whole{white-space:nowrap}
table.plain tr:not(.below) td:not(.number,.whole){min-width:5.5em}
table.plain tr.above td{border-bottom:none;padding-bottom:.1rem}
table.plain tr.below td{padding-top:.1rem;padding-bottom:.6rem}
table.plain caption{position:absolute;width:1px;height:1px;overflow:hidden;opacity:0}
table.plain.narrow{width:auto;font-size:.9rem;margin:.3rem 0 0}
.plain-table{overflow-x:auto;position:relative}
.chip{display:inline-block;border-radius:.3rem;padding:0 .45rem;background:#eef2f5;
  white-space:nowrap}
@media(max-width:1200px){
  table.plain{font-size:.875rem}
  table.plain th,table.plain td{padding-inline:.35rem}
  table.plain tr:not(.below) td:not(.number,.whole){min-width:4.5em}
}
table.plain .share{display:inline-block;height:.75rem;background:#0b5cad;border-radius:2px}
</style>"""


class Markup(str):
    """Text that is HTML already and is not escaped again."""

    __slots__ = ()


def draw_table(
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    caption: str,
    numbers: Sequence[int] = (),
    whole: Sequence[int] = (),
    below: Sequence[str] = (),
    narrow: bool = False,
) -> str:
    """Return a table; every cell is escaped unless it is `Markup`.

    `caption` names it for who hears it; who sees it reads the heading above. A column without a
    header only draws what the one before says, and is not read aloud.
    `numbers` are the places of columns set to the right, `whole` of those that do not wrap.
    `below` holds for each row what stands under it across the whole width, or is empty. A `narrow`
    table is as wide as its words. No rows give a table that has only its header.
    """
    kinds = dict.fromkeys(numbers, "number") | dict.fromkeys(whole, "whole")
    head = "".join(_draw_header(text, kinds.get(i)) for i, text in enumerate(headers))
    body = []
    for index, row in enumerate(rows):
        cells = "".join(_draw_cell("td", text, kinds.get(i)) for i, text in enumerate(row))
        body.append(f'<tr class="above">{cells}</tr>' if below else f"<tr>{cells}</tr>")
        if below:
            wide = f'<td colspan="{max(len(headers) - 1, 1)}">{_write(below[index])}</td>'
            body.append(f'<tr class="below"><td></td>{wide}</tr>')
    named = f"<caption>{escape(caption)}</caption>"
    table = f"{named}<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody>"
    classes = "plain narrow" if narrow else "plain"
    # It may be wider than its place: then the arrow keys have to reach what is out of sight.
    frame = f'<div class="plain-table" tabindex="0" role="group" aria-label="{escape(caption)}">'
    return f'{frame}<table class="{classes}">{table}</table></div>'


def draw_chip(words: str) -> Markup:
    """Return a short word on a quiet ground."""
    return Markup(f'<span class="chip">{escape(words)}</span>')


def draw_share(count: int, largest: int) -> Markup:
    """Return a bar as long as `count` of `largest`; nothing for nothing."""
    width = 7 * count / largest if largest else 0
    return Markup(f'<span class="share" style="width:{width:.2f}rem"></span>')


def draw_phone(number: str | None) -> Markup:
    """Return a number that a telephone dials when it is pressed; "" for none."""
    if not number:
        return Markup("")
    digits = "".join(character for character in number if character.isdigit() or character == "+")
    return Markup(f'<a href="tel:{escape(digits)}">{escape(number)}</a>')


def _draw_header(text: str, kind: str | None) -> str:
    if not text:
        return "<td></td>"
    opening = f'<th scope="col" class="{kind}">' if kind else '<th scope="col">'
    return f"{opening}{_write(text)}</th>"


def _draw_cell(tag: str, text: str, kind: str | None) -> str:
    opening = f'<{tag} class="{kind}">' if kind else f"<{tag}>"
    return f"{opening}{_write(text)}</{tag}>"


def _write(text: str) -> str:
    return text if isinstance(text, Markup) else escape(text)
