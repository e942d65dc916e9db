"""What is asked of the possible paths: from where, to where, for which help, and what weighs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

import streamlit as st

from graph.analysis.path_weights import Weights
from graph.store import Row
from graph.vocabulary import SUPPORTS
from views.agency_choice import Offer, choose_agency, is_stranger
from views.areas import choose_area, list_areas
from views.choices import choose_one, choose_some
from views.frame import Context

STEP_LIMITS: Final = (2, 3, 4, 5, 6)
USUAL_LIMIT: Final = 3
# Least stage → the stages that are enough; the order is that of the choice.
ENOUGH: Final[Mapping[str, tuple[str, ...]]] = {
    "known": ("supporting", "explained", "listed", "known"),
    "listed": ("supporting", "explained", "listed"),
    "explained": ("supporting", "explained"),
    "supporting": ("supporting",),
}
WAYS: Final = ("centre", "any")

USUAL: Final = Weights()
WEIGHTS: Final = (
    "chance", "cases", "ten_days", "usual_days", "untied",
    "strong", "normal", "weak", "stressful", "membership",
)  # fmt: skip
"""The weights in the order of the page, two rows of five."""

_LARGEST: Final[Mapping[str, float]] = {"chance": 0.99, "usual_days": 365.0}
_LEAST: Final[Mapping[str, float]] = {"chance": 0.01}
_STEP: Final[Mapping[str, float]] = {"chance": 0.05, "cases": 1.0, "usual_days": 1.0}
_LARGEST_COST: Final = 20.0
_IN_A_ROW: Final = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """A start, a destination, the help that is needed, and how the ways are judged."""

    start: Row
    area: Row
    support_ids: tuple[str, ...]
    stage: str
    longest: int
    weights: Weights
    via_centre: bool

    def at_any_stage(self) -> Wish:
        """Return the same wish, but for the stage and the centre on the way."""
        return replace(self, stage="known", via_centre=False)


def choose_wish(context: Context, offer: Offer) -> Wish | None:
    """Draw the choices; None, with the reason on the page, while something is missing."""
    strangers = _find_strangers(context)
    places, terms = st.columns([1, 1]), st.columns([2.3, 4.1, 2.1])
    with places[0]:
        start = choose_agency(
            context,
            offer,
            context.say("paths.from.title"),
            "from",
            first=offer.rows[0]["organization_id"],
            help=context.say("paths.from.help"),
        )
    with places[1]:
        area = choose_area(context, context.say("paths.to"))
    with terms[0]:
        needs = choose_some(
            context.say("paths.needs.title"),
            SUPPORTS.codes,
            lambda code: context.label(SUPPORTS, code),
            "needs",
            context.say("paths.needs.any"),
        )
    with terms[1]:
        stage = _choose_stage(context)
    with terms[2]:
        longest = _choose_limit(context)
    weights, via = _choose_way(context)
    for stranger in strangers:
        st.warning(context.say(f"paths.{stranger}.unknown"))
    if strangers:
        return None
    if start is None or area is None:
        st.info(context.say("paths.possible.choose"))
        return None
    return Wish(start, area, needs, stage, longest, weights, via)


def find_stranger(key: str, known: Collection[str]) -> bool:
    """Say whether the address names under `key` what is not among those known."""
    return st.query_params.get(key, "") not in ("", *known)


def _find_strangers(context: Context) -> list[str]:
    # Asked before the choices are drawn: they leave an unknown one out of the address.
    strangers = ["from"] if is_stranger(context, "from") else []
    return [*strangers, "area"] if find_stranger("area", list_areas(context).rows) else strangers


def _choose_stage(context: Context) -> str:
    return choose_one(
        context.say("paths.stage.title"),
        list(ENOUGH),
        "known",
        lambda code: context.say(f"paths.stage.{code}"),
        "stage",
        help=context.say("paths.stage.help"),
    )


def _choose_limit(context: Context) -> int:
    chosen = st.segmented_control(
        context.say("paths.longest.title"),
        STEP_LIMITS,
        default=USUAL_LIMIT,
        key="longest",
        bind="query-params",
        required=True,
        help=context.say("paths.longest.help"),
    )
    return chosen or USUAL_LIMIT


def _choose_way(context: Context) -> tuple[Weights, bool]:
    """Return the weights, and whether the settlement centre is to be passed."""
    with st.expander(context.say("paths.way.title")):
        via = choose_one(
            context.say("paths.via.title"),
            WAYS,
            WAYS[0],
            lambda code: context.say(f"paths.via.{code}"),
            "via",
            help=context.say("paths.via.help"),
        )
        st.caption(context.say("paths.weight.edit"))
        columns = [column for _ in range(2) for column in st.columns(_IN_A_ROW)]
        chosen = {
            name: column.number_input(
                context.say(f"paths.weight.{name}.title"),
                _LEAST.get(name, 0.0),
                _LARGEST.get(name, _LARGEST_COST),
                getattr(USUAL, name),
                _STEP.get(name, 0.1),
                key=f"weight_{name}",
                bind="query-params",
                help=context.say(f"paths.weight.{name}.help"),
            )
            for name, column in zip(WEIGHTS, columns, strict=True)
        }
        st.markdown(context.say("paths.weight.explained"))
    return Weights(**chosen), via == WAYS[0]
