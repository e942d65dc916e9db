"""The figures of the network on screen: sentences first, then a table of the agencies."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import pandas as pd
import streamlit as st

from graph.analysis.measures import EXACT_UP_TO, NO_AGENCY_TIES, NetworkMeasures, measure_network
from graph.collation import sort_by_reading
from graph.store import Row
from graph.vocabulary import FIELDS
from views.frame import Context
from views.markdown import escape

TABLE: Final = "network_table"
_NAMED: Final = 8
_COLUMNS: Final = ("name", "field", "degree", "betweenness", "broker", "community")

Pairs = tuple[tuple[str, str], ...]


def show_measures(
    context: Context,
    agencies: Sequence[Row],
    pairs: Pairs,
    *,
    on_choose: Callable[[str | None], None],
) -> None:
    """Show the figures of exactly these agencies and ties; a chosen row names its agency."""
    wanted = st.toggle(
        context.say("network.measures.switch"),
        value=len(agencies) <= EXACT_UP_TO,
        key="figures",
        help=context.say("network.measures.switch_help"),
    )
    if not wanted:
        return
    ids = tuple(row["organization_id"] for row in agencies)
    egos = frozenset(row["organization_id"] for row in agencies if row["keeps_list"])
    measures = _measure(ids, pairs, egos)
    names = {row["organization_id"]: row["name"] for row in agencies}
    st.subheader(
        context.say("network.measures.title", n=measures.n, ties=measures.ties), anchor=False
    )
    words, table = st.columns([2, 3], gap="medium")
    with words:
        _show_sentences(context, measures, names)
    with table:
        _show_table(context, agencies, measures, on_choose)


def _show_sentences(context: Context, measures: NetworkMeasures, names: Mapping[str, str]) -> None:
    for sentence in write_sentences(context.say, measures, names):
        st.markdown(sentence)
    with st.expander(context.say("network.measures.formulas.title")):
        n, rest = measures.n, measures.cohesion.n
        st.markdown(context.say("network.measures.formulas.text", n=n, rest=rest))


def write_sentences(
    say: Callable[..., str], measures: NetworkMeasures, names: Mapping[str, str]
) -> Iterator[str]:
    """Yield what the figures mean, a sentence each; nothing of them but names is of the data."""
    key = "network.measures.sentence"
    yield from _write_brokers(say, measures, names)
    rest = measures.cohesion
    if rest.code == NO_AGENCY_TIES:
        yield say("network.measures.sentence.no_agency_ties", n=rest.n)
    else:
        possible = rest.n * (rest.n - 1) // 2
        yield say(
            f"{key}.density", value=f"{rest.density:.3f}", n=rest.n, possible=f"{possible:,}",
            ties=f"{rest.ties:,}",
        )  # fmt: skip
    if rest.centralization is not None:
        yield say(f"{key}.centralization", value=f"{rest.centralization:.2f}", n=rest.n)
    if measures.modularity is not None:
        yield say(
            f"{key}.communities", count=measures.communities,
            modularity=f"{measures.modularity:.2f}", n=measures.n,
        )  # fmt: skip
    if measures.pivots:
        yield say(f"{key}.sampled", pivots=measures.pivots)


def _write_brokers(
    say: Callable[..., str], measures: NetworkMeasures, names: Mapping[str, str]
) -> Iterator[str]:
    key = "network.measures.sentence"
    brokers = sorted(
        (agency for agency in measures.agencies if agency.broker),
        key=lambda agency: (-agency.betweenness, agency.organization_id),
    )
    if not brokers:
        if measures.ties:
            yield say(f"{key}.no_brokers")
        return
    told = [escape(names[agency.organization_id]) for agency in brokers[:_NAMED]]
    if len(brokers) > _NAMED:
        told.append(say(f"{key}.more", count=len(brokers) - _NAMED))
    yield say(f"{key}.brokers", count=len(brokers), names=say(f"{key}.comma").join(told))


@lru_cache(maxsize=16)
def _measure(ids: tuple[str, ...], pairs: Pairs, egos: frozenset[str]) -> NetworkMeasures:
    return measure_network(ids, pairs, egos)


def make_table(
    agencies: Sequence[Row], measures: NetworkMeasures, label: Callable[[str | None], str], yes: str
) -> pd.DataFrame:
    """Return a row for each agency, those that mediate most first, its id as index."""
    rows = {row["organization_id"]: row for row in agencies}
    order = {row["organization_id"]: at for at, row in enumerate(sort_by_reading(agencies))}
    ranked = sorted(
        measures.agencies, key=lambda a: (-a.betweenness, -a.degree, order[a.organization_id])
    )
    return pd.DataFrame(
        [
            (
                rows[each.organization_id]["name"],
                label(rows[each.organization_id]["field"]),
                each.degree,
                100 * each.betweenness,
                yes if each.broker else "",
                each.community,
            )
            for each in ranked
        ],
        columns=list(_COLUMNS),
        index=[each.organization_id for each in ranked],
    ).astype({"community": "Int64"})


def _show_table(
    context: Context,
    agencies: Sequence[Row],
    measures: NetworkMeasures,
    on_choose: Callable[[str | None], None],
) -> None:
    table = make_table(
        agencies,
        measures,
        lambda code: context.label(FIELDS, code),
        context.say("network.measures.yes"),
    )
    ids = list(table.index)

    def take_row() -> None:
        chosen = st.session_state[TABLE]["selection"]["rows"]
        on_choose(ids[chosen[0]] if chosen else None)

    st.dataframe(
        table,
        hide_index=True,
        column_config=_set_columns(context, measures.n),
        on_select=take_row,
        selection_mode="single-row",
        key=TABLE,
        height=420,
    )
    st.caption(context.say("network.measures.select_hint"))


def _set_columns(context: Context, n: int) -> dict[str, Any]:
    titles = {name: context.say(f"network.measures.column.{name}") for name in _COLUMNS}
    helps = {name: context.say(f"network.measures.help.{name}", n=n) for name in _COLUMNS[2:]}
    return {
        "name": st.column_config.TextColumn(titles["name"], width="medium"),
        "field": st.column_config.TextColumn(titles["field"]),
        "degree": st.column_config.NumberColumn(titles["degree"], help=helps["degree"]),
        "betweenness": st.column_config.NumberColumn(
            titles["betweenness"], help=helps["betweenness"], format="%.1f %%"
        ),
        "broker": st.column_config.TextColumn(titles["broker"], help=helps["broker"]),
        "community": st.column_config.NumberColumn(titles["community"], help=helps["community"]),
    }
