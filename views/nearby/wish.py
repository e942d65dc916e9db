"""What help is wanted near the destination, and for whom: the filters of the page.

Fields, stages, needs and distance stand in the address of the page. Sex, age and the other
conditions of a client do not, nor do the needs of a client's referral.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from graph.vocabulary import FIELDS, OFFENCES, STAGES, SUPPORTS
from views.choices import choose_some
from views.frame import Context
from views.nearby.destination import CLIENT_NEEDS, Destination

DISTANCES_KM: Final = (5, 10, 20, 30, 50, 100)
USUAL_KM: Final = 20
OLDEST: Final = 120
_SEXES: Final = ("men", "women")
_PAYING: Final = {"free": ("free",), "reduced": ("free", "reduced")}
_FLAGS: Final = ("disability", "released", "vacant", "open_weekend", "open_night", "every_support")


@dataclass(frozen=True, slots=True)
class Conditions:
    """Who is to be taken and when; None and False ask for nothing."""

    sex: str | None = None
    age: int | None = None
    paying: str | None = None
    flags: frozenset[str] = frozenset()
    offences: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """Return how many conditions are asked for."""
        single = sum(one is not None for one in (self.sex, self.age, self.paying))
        return single + len(self.flags) + bool(self.offences)

    @property
    def parameters(self) -> dict[str, Any]:
        """Return them as parameters of the question."""
        return {
            "sex": self.sex,
            "age": self.age,
            "offences": list(self.offences),
            "cost_kinds": list(_PAYING.get(self.paying or "", ())),
            **{flag: flag in self.flags for flag in _FLAGS},
        }


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked near the destination."""

    fields: tuple[str, ...]
    support_ids: tuple[str, ...]
    stages: tuple[str, ...]
    km: int
    conditions: Conditions


def choose_wish(context: Context, destination: Destination | None) -> Wish:
    """Draw the filters and return what they say."""
    needs, fields, stages = st.columns([4, 3, 3], vertical_alignment="bottom")
    with needs:
        support_ids = _choose_needs(context, destination)
    with fields:
        chosen_fields = choose_some(
            context.say("nearby.fields.title"),
            FIELDS.codes,
            lambda code: context.label(FIELDS, code),
            "fields",
            context.say("nearby.fields.any"),
        )
    with stages:
        chosen_stages = choose_some(
            context.say("nearby.stages.title"),
            STAGES.codes,
            lambda code: context.label(STAGES, code),
            "stages",
            context.say("nearby.stages.any"),
        )
    return Wish(chosen_fields, support_ids, chosen_stages, _read_km(), _read_conditions())


def choose_distance(context: Context) -> None:
    """Draw the choice of the distance; `choose_wish` reads it."""
    st.select_slider(
        context.say("nearby.distance.title"),
        DISTANCES_KM,
        value=USUAL_KM,
        key="km",
        bind="query-params",
    )


def choose_conditions(context: Context) -> None:
    """Draw the conditions in a box that opens; `choose_wish` reads them."""
    with st.popover(context.say("nearby.conditions.title"), width="stretch"):
        st.caption(context.say("nearby.conditions.note"))
        st.segmented_control(
            context.say("nearby.conditions.sex"),
            _SEXES,
            format_func=lambda code: context.say(f"nearby.sex.{code}"),
            key="near_sex",
        )
        st.number_input(
            context.say("nearby.conditions.age"),
            min_value=0,
            max_value=OLDEST,
            value=None,
            step=1,
            key="near_age",
            placeholder=context.say("nearby.conditions.any_age"),
        )
        st.segmented_control(
            context.say("nearby.conditions.cost"),
            tuple(_PAYING),
            format_func=lambda code: context.say(f"nearby.cost.{code}"),
            key="near_cost",
        )
        st.pills(
            context.say("nearby.conditions.offences"),
            OFFENCES.codes,
            selection_mode="multi",
            format_func=lambda code: context.label(OFFENCES, code),
            help=context.say("nearby.conditions.offences_help"),
            key="near_offences",
        )
        for flag in _FLAGS:
            st.checkbox(context.say(f"nearby.conditions.{flag}"), key=f"near_{flag}")


def _read_conditions() -> Conditions:
    state = st.session_state
    return Conditions(
        state.get("near_sex"),
        state.get("near_age"),
        state.get("near_cost"),
        frozenset(flag for flag in _FLAGS if state.get(f"near_{flag}")),
        tuple(state.get("near_offences") or ()),
    )


def _read_km() -> int:
    km: int = st.session_state.get("km", USUAL_KM)
    return km


def _choose_needs(context: Context, destination: Destination | None) -> tuple[str, ...]:
    """Draw the needs: in the address when they are anybody's, else those of the referral."""
    words = context.say("nearby.needs.title")
    if destination is None or not destination.of_client:
        return choose_some(
            words,
            SUPPORTS.codes,
            lambda code: context.label(SUPPORTS, code),
            "needs",
            context.say("nearby.needs.any"),
        )
    chosen: list[str] = st.multiselect(
        words,
        SUPPORTS.codes,
        default=list(destination.support_ids),
        format_func=lambda code: context.label(SUPPORTS, code),
        placeholder=context.say("nearby.needs.any"),
        key=CLIENT_NEEDS,
    )
    return tuple(chosen)
