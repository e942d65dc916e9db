"""Two agencies side by side, as a person compares them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from graph.vocabulary import MATCH_REASONS
from loaders.lettering import matching_key
from views.frame import Context, describe

STYLE: Final = """<style>
table.pair{border-collapse:collapse;width:100%;table-layout:fixed;font-size:1rem;line-height:1.5;
  margin:0}
table.pair th{text-align:left;font-weight:600;color:#44515c;padding:.2rem .7rem .2rem 0;
  vertical-align:top;width:8rem}
table.pair thead th{color:#1b2733;border-bottom:2px solid #9fb0bf;width:auto;padding-left:.7rem}
table.pair td{padding:.2rem .7rem;vertical-align:top;overflow-wrap:anywhere}
table.pair thead td{width:8rem}
table.pair tr.equal td{background:#e7f4ea}
table.pair tr.differs td{background:#fdf3e1}
</style>"""
"""For the page that shows pairs, once."""

Facts = Mapping[str, Any]


def draw_pair(
    context: Context,
    titles: tuple[str, str],
    facts: tuple[Facts, Facts],
    compared: Sequence[str],
    why: tuple[str, int],
) -> str:
    """Return HTML: a row for each property in `compared` that either has, then why they are shown.

    `why` is a code of `MATCH_REASONS` and the similarity of the names in per cent. What is written
    otherwise but means the same counts as equal.
    """
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in titles)
    rows = "".join(
        _draw_row(describe("Organization", name, context.language), facts, name)
        for name in compared
        if facts[0][name] or facts[1][name]
    )
    reason, similarity = why
    words = context.say(
        "upload.review.why", reason=context.label(MATCH_REASONS, reason), similarity=similarity
    )
    return (
        f'<table class="pair"><thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table>'
        f"<p>{escape(words)}</p>"
    )


def _draw_row(label: str, facts: tuple[Facts, Facts], name: str) -> str:
    first, second = (str(one[name] or "") for one in facts)
    state = ""
    if first and second:
        is_same = matching_key(first) == matching_key(second)
        state = ' class="equal"' if is_same else ' class="differs"'
    return (
        f'<tr{state}><th scope="row">{escape(label)}</th><td>{escape(first)}</td>'
        f"<td>{escape(second)}</td></tr>"
    )
