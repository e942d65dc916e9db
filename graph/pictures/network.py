"""The explorable network: what vis-network draws, and a page of it that needs nothing else.

pyvis makes nodes, edges and options. Its own page is not used: it fetches from outside, and a
title in it can run a script. Here every text travels as JSON that cannot end its element, the page
allows only the two scripts it was made with, by their hashes, and the library is the file that
pyvis ships.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from graph.pictures.cards import draw_field_sign
from graph.pictures.lettering import clean, find_breaks, measure, shorten
from graph.pictures.model import EcomapTie, Say
from graph.pictures.network_layout import Place, place_agencies
from graph.pictures.notation import (
    FIELDS,
    INK,
    PAPER,
    SOFT_INK,
    STROKES,
    Look,
    choose_line_kind,
)
from graph.pictures.strokes import draw_line
from graph.pictures.svg import FONTS, element

if TYPE_CHECKING:
    from pyvis.network import Network as PyvisNetwork

_FOLDER: Final = Path(__file__).parent
_LIBRARY: Final = "lib/vis-9.1.2/vis-network.min.js"
_SOURCE_MAP: Final = re.compile(r"\n//# sourceMappingURL=\S*\s*$")

_LINE_EM: Final = 8.2  # of a name under its sign: a cell of the layout is 150 wide
_SMALLEST: Final = 13.0
_LARGEST: Final = 30.0
_NAME_SIZE: Final = 17
_EGO_NAME_SIZE: Final = 25
_HUB_NAME_SIZE: Final = 21
_HUBS: Final = 12  # whose names stand out, where there are many agencies
_MANY_AGENCIES: Final = 60
_MANY_TIES: Final = 1_500  # more than these are not drawn while the picture is being moved
_NO_FIELD: Final = "none"
_NO_FIELD_COLOUR: Final = "#f4f6f8"
_UNSEEN: Final = [0.1, 100_000]  # dashes of a line that is drawn over: its arrow heads stay
_ARROWS: Final[Mapping[str | None, str]] = {"out": "to", "in": "from", "both": "to, from"}
_DRAWN_OVER: Final = ("stressful", "talk", "broken")


@dataclass(frozen=True, slots=True)
class NetworkAgency:
    """One agency; `field` is one of `notation.FIELDS` or None, `ego` marks a facility."""

    organization_id: str
    name: str
    short_name: str | None = None
    field: str | None = None
    ego: bool = False


@dataclass(frozen=True, slots=True)
class Network:
    """Everything one picture shows; ties with an end outside it are left out.

    `places` are those of a larger network that this is a part of, so that nobody moves when a
    filter changes; None: places of its own.
    """

    title: str
    as_of: date
    agencies: tuple[NetworkAgency, ...]
    ties: tuple[EcomapTie, ...]
    look: Look = "meeting"
    show_stress: bool = False
    places: Mapping[str, Place] | None = None


@dataclass(frozen=True, slots=True)
class NetworkPicture:
    """What the browser draws: plain values of vis-network, and the legend as escaped HTML.

    Of each node `name` is what is written at it, at least `nameSize` high, and `rank` its turn to
    get room for that: 0 comes first. `signs` is the kanji and its colour by group; `marks` are the
    lines that vis-network has no stroke for, as [source, target, kind, colour].
    """

    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]
    options: dict[str, Any]
    signs: dict[str, list[str]]
    marks: list[list[str]]
    legend: str

    def as_data(self) -> dict[str, Any]:
        """Return it as values that JSON can hold."""
        return {name: getattr(self, name) for name in self.__slots__}


def make_network_picture(network: Network, say: Say) -> NetworkPicture:
    """Return what the browser draws; nothing at all for no agencies."""
    agencies = {agency.organization_id: agency for agency in network.agencies}
    ties = [
        tie
        for tie in network.ties
        if tie.source_id in agencies and tie.target_id in agencies
        and tie.source_id != tie.target_id
    ]  # fmt: skip
    kinds = [_choose_kind(tie, network) for tie in ties]
    made = _start_pyvis()
    _add_agencies(made, network, ties, say)
    marks = _add_ties(made, ties, kinds)
    return NetworkPicture(
        nodes=made.nodes,
        edges=made.edges,
        options=_make_options(made, len(ties)),
        signs={code: [sign.kanji, sign.text_colour] for code, sign in FIELDS.items()},
        marks=marks,
        legend=_draw_legend(network, kinds, say),
    )


def read_library() -> str:
    """Return vis-network as pyvis ships it, without the address of its source map."""
    return _read_library()


def read_script() -> str:
    """Return our drawing code: `drawNetwork(container, picture, vis)`, a plain script."""
    return (_FOLDER / "network.js").read_text(encoding="utf-8")


def make_network_page(network: Network, say: Say) -> str:
    """Return a page that shows the network with no file and no address beside it.

    It says title, date, look and legend, finds an agency by name and shows its ties. A text of
    the data is never markup in it.
    """
    picture = make_network_picture(network, say)
    scripts = (_close_safely(read_library()), _close_safely(read_script() + _START_PAGE))
    words = {word: say(f"network.page.{word}") for word in ("search", "whole", "not_found")}
    data = _write_json({"picture": picture.as_data(), "words": words})
    sources = " ".join(f"'{_hash_source(text)}'" for text in scripts)
    return _PAGE.format(
        policy=f"default-src 'none'; script-src {sources}; style-src '{_hash_source(_PAGE_STYLE)}'",
        lang=escape(say("network.page.language")),
        title=escape(clean(network.title)),
        as_of=escape(say("ecomap.as_of", date=network.as_of)),
        look=escape(say(f"ecomap.look.{network.look}")),
        look_code=network.look,
        style=_PAGE_STYLE,
        legend=picture.legend,
        search=escape(words["search"]),
        whole=escape(words["whole"]),
        data=data,
        library=scripts[0],
        script=scripts[1],
    )  # fmt: skip


def _choose_kind(tie: EcomapTie, network: Network) -> str:
    return choose_line_kind(
        tie.strength, tie.quality, network.look, show_stress=network.show_stress
    )


def _start_pyvis() -> PyvisNetwork:
    # pyvis brings IPython: half a second that the other pages need not wait for.
    from pyvis.network import Network as PyvisNetwork  # noqa: PLC0415

    made = PyvisNetwork(directed=True)  # undirected, it would drop a second tie of a pair
    made.toggle_physics(False)
    made.options.interaction.dragNodes = False
    return made


def _add_agencies(
    made: PyvisNetwork, network: Network, ties: Sequence[EcomapTie], say: Say
) -> None:
    ids = [agency.organization_id for agency in network.agencies]
    pairs = {frozenset((tie.source_id, tie.target_id)) for tie in ties}
    places = network.places
    if places is None:
        places = place_agencies(ids, ((tie.source_id, tie.target_id) for tie in ties))
    degrees = Counter(end for pair in pairs for end in pair)
    most = max(degrees.values(), default=1)
    egos = {agency.organization_id for agency in network.agencies if agency.ego}
    ranked = sorted(ids, key=lambda key: (key not in egos, -degrees[key], key))
    ranks = {key: rank for rank, key in enumerate(ranked)}
    for agency in network.agencies:
        key = agency.organization_id
        share = (degrees[key] / most) ** 0.5
        is_hub = ranks[key] < len(egos) + _HUBS and degrees[key] > 0 and len(ids) > _MANY_AGENCIES
        made.add_node(
            key,
            title=_describe(agency, degrees[key], say),
            name=_break_name(agency.short_name or agency.name) or "？",
            rank=ranks[key],
            group=agency.field or _NO_FIELD,
            x=round(places[key][0], 1),
            y=round(places[key][1], 1),
            size=round(_SMALLEST + (_LARGEST - _SMALLEST) * share, 1),
            **_stand_out(agency, is_hub),
        )
    for node in made.nodes:
        del node["label"]  # the names are written by network.js, each where there is room


def _stand_out(agency: NetworkAgency, is_hub: bool) -> dict[str, Any]:
    if agency.ego:
        return {"borderWidth": 6, "nameSize": _EGO_NAME_SIZE, "standsOut": True}
    return {"nameSize": _HUB_NAME_SIZE if is_hub else _NAME_SIZE, "standsOut": is_hub}


def _describe(agency: NetworkAgency, degree: int, say: Say) -> str:
    field = say(f"ecomap.field.{agency.field}") if agency.field else say("network.no_field")
    return say("network.tooltip", name=clean(agency.name), field=field, degree=degree)


@cache
def _break_name(name: str) -> str:
    """Break a name into at most two lines, each as wide as a sign's cell."""
    name = clean(name)
    if measure(name) <= _LINE_EM:
        return name
    costs = find_breaks(name)
    fitting = [at for at in costs if measure(name[:at]) <= _LINE_EM]
    at = min(fitting, key=lambda at: (costs[at], abs(at - len(name) / 2)), default=0)
    if not at:
        return shorten(name, _LINE_EM)
    return f"{name[:at].rstrip()}\n{shorten(name[at:].lstrip(), _LINE_EM)}"


def _add_ties(
    made: PyvisNetwork, ties: Sequence[EcomapTie], kinds: Sequence[str]
) -> list[list[str]]:
    """Add the lines; return those to be drawn over. Further ties of a pair bend aside."""
    marks: list[list[str]] = []
    seen: Counter[frozenset[str]] = Counter()
    # Lines that are drawn over are straight: they come first.
    order = sorted(range(len(ties)), key=lambda at: kinds[at] not in _DRAWN_OVER)
    for at in order:
        tie, kind = ties[at], kinds[at]
        pair = frozenset((tie.source_id, tie.target_id))
        look = _style_line(kind)
        if kind in _DRAWN_OVER and not seen[pair]:
            marks.append([tie.source_id, tie.target_id, kind, STROKES[kind].colour])
            look["dashes"] = _UNSEEN
        if seen[pair]:
            bend = 0.14 * seen[pair] * (1 if tie.source_id < tie.target_id else -1)
            look["smooth"] = {"enabled": True, "type": "curvedCW", "roundness": round(bend, 2)}
        seen[pair] += 1
        arrows = _ARROWS.get(tie.flow, "")
        made.add_edge(tie.source_id, tie.target_id, arrows=arrows, **look)
    return marks


def _style_line(kind: str) -> dict[str, Any]:
    """Return the stroke of a line kind where it is not that of a normal line."""
    if kind == "normal":
        return {}
    stroke = STROKES[kind]
    look: dict[str, Any] = {}
    if stroke.width != STROKES["normal"].width:
        look["width"] = stroke.width * _THINNER
    if stroke.colour != INK:
        look["color"] = {"color": stroke.colour}
    if stroke.dash:
        look["dashes"] = [float(part) for part in stroke.dash.split()]
    return look


_THINNER: Final = 0.62  # a network has many more lines than an ecomap


def _make_options(made: PyvisNetwork, ties: int) -> dict[str, Any]:
    """Return pyvis' options with ours over them."""
    options: dict[str, Any] = json.loads(made.options.to_json())
    options["interaction"] |= {
        "hover": True,
        "tooltipDelay": 120,
        "hideEdgesOnDrag": ties > _MANY_TIES,
        "hideEdgesOnZoom": ties > _MANY_TIES,
        "keyboard": {"enabled": True, "bindToWindow": False, "autoFocus": False},
        "selectConnectedEdges": True,
    }
    options["layout"] = {"improvedLayout": False, "randomSeed": 0}
    options["edges"] = {
        "width": STROKES["normal"].width * _THINNER,
        "color": {"color": INK, "highlight": "#0057d9", "hover": "#0057d9", "opacity": 0.75},
        "smooth": False,
        "hoverWidth": 0,
        "arrows": {"to": {"scaleFactor": 0.55}, "from": {"scaleFactor": 0.55}},
    }
    options["nodes"] = {
        "borderWidth": 2,
        "borderWidthSelected": 7,
        "font": {"face": FONTS, "color": INK, "strokeColor": PAPER},
    }
    options["groups"] = _make_groups()
    return options


def _make_groups() -> dict[str, Any]:
    colours = {code: sign.colour for code, sign in FIELDS.items()} | {_NO_FIELD: _NO_FIELD_COLOUR}
    return {
        code: {
            "shape": "dot",
            "color": {
                "background": colour,
                "border": INK,
                "highlight": {"background": colour, "border": "#0057d9"},
                "hover": {"background": colour, "border": "#0057d9"},
            },
        }
        for code, colour in colours.items()
    }


def _draw_legend(network: Network, kinds: Iterable[str], say: Say) -> str:
    """Return what is on screen with its counts, as a list."""
    lines, fields = Counter(kinds), Counter(agency.field for agency in network.agencies)
    keys = [
        _draw_key(_draw_line_sign(kind), say(f"ecomap.line.{kind}"), lines[kind])
        for kind in STROKES
        if lines[kind]
    ]
    keys += [
        _draw_key(_draw_sign(draw_field_sign(code, 13, 13, 24), 26), say(f"ecomap.field.{code}"),
                  fields[code])
        for code in FIELDS
        if fields[code]
    ]  # fmt: skip
    if fields[None]:
        blank = element(
            "circle", cx=13, cy=13, r=10, fill=_NO_FIELD_COLOUR, stroke=SOFT_INK, stroke_width=2
        )
        keys.append(_draw_key(_draw_sign(blank, 26), say("network.no_field"), fields[None]))
    return f'<ul class="keys">{"".join(keys)}</ul>' if keys else ""


def _draw_key(sign: str, words: str, count: int) -> str:
    return f"<li>{sign}<span>{escape(words)} {count}</span></li>"


def _draw_line_sign(kind: str) -> str:
    line = draw_line(((2, 13), (54, 13)), STROKES[kind], start=False, end=False, halo=False)
    return _draw_sign(line, 56)


def _draw_sign(content: str, width: int) -> str:
    # In a page of HTML an SVG needs no namespace, which would read as an address.
    return element("svg", content, width=width, height=26, aria_hidden="true")


def _write_json(value: object) -> str:
    """Return JSON that cannot end its script element or open a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def _close_safely(script: str) -> str:
    """Refuse a script that would end its element early.

    Raises:
        ValueError: it holds `</script` or `<!--`; the library would have to be another file.
    """
    if re.search(r"</script|<!--", script, re.IGNORECASE):
        raise ValueError("a script of the page would end early")
    return script


def _hash_source(text: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _read_library() -> str:
    spec = find_spec("pyvis")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("pyvis")
    path = Path(spec.origin).parent / _LIBRARY
    return _SOURCE_MAP.sub("\n", path.read_text(encoding="utf-8"))


_START_PAGE: Final = """
{
  const { picture, words } = JSON.parse(document.getElementById("data").textContent);
  const view = drawNetwork(document.querySelector(".network"), picture, globalThis.vis);
  const search = document.querySelector("input");
  const names = document.getElementById("names");
  const said = document.querySelector("output");
  const name = (node) => node.title.split("\\n")[0];
  for (const node of picture.nodes) names.append(new Option(name(node), name(node)));
  search.onchange = () => {
    const wanted = search.value.trim();
    const found = picture.nodes.find((node) => name(node) === wanted)
      ?? picture.nodes.find((node) => wanted && name(node).includes(wanted));
    if (found) view.centre(found.id);
    said.textContent = wanted && !found ? words.not_found : "";
  };
  document.querySelector("button").onclick = () => view.fit();
}
"""

_PAGE_STYLE: Final = """
html, body { height: 100%; margin: 0; }
body { display: flex; flex-direction: column; color: #16202c; background: #fff;
  font: 16px "Noto Sans CJK JP", "Noto Sans JP", "Yu Gothic UI", "Hiragino Sans", sans-serif; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem;
  padding: .5rem 1rem; }
h1 { font-size: 1.3rem; margin: 0; }
.look { color: #fff; border-radius: 1rem; padding: .1rem .8rem; font-weight: 700; }
.look.meeting { background: #0a5c36; }
.look.internal { background: #9c1c2c; }
input, button { font: inherit; padding: .25rem .6rem; border: 1px solid #51606f; border-radius: 8px;
  background: #fff; color: inherit; }
.network { flex: 1; min-height: 0; border-block: 1px solid #c9ced6; }
.keys { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; list-style: none; margin: 0;
  padding: .5rem 1rem; }
.keys li { display: flex; align-items: center; gap: .35rem; }
.vis-tooltip { position: absolute; visibility: hidden; white-space: pre-line; background: #fff;
  border: 1px solid #51606f; border-radius: 8px; padding: .3rem .6rem; pointer-events: none; }
"""

_PAGE: Final = """<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title><style>{style}</style></head><body>
<header><h1>{title}</h1><span>{as_of}</span><span class="look {look_code}">{look}</span>
<input type="search" list="names" aria-label="{search}" placeholder="{search}">
<datalist id="names"></datalist><button type="button">{whole}</button><output></output></header>
<div class="network"></div>{legend}
<script type="application/json" id="data">{data}</script>
<script>{library}</script><script>{script}</script></body></html>
"""
