"""Flows of referrals between kinds of agency, by year, referrer and destination."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

from graph.collation import order_name
from graph.pictures.flow_picture import Flow, count_flows, count_leaving, draw_flows
from graph.store import Row
from graph.vocabulary import FIELDS
from views.choices import choose_one
from views.frame import Context, show_empty
from views.paths.loop import write_share
from views.paths.recorded import ALL_YEARS, list_years, select_year
from views.tables import draw_table


def show(context: Context) -> None:
    """Draw the choice, the picture and its figures."""
    every = context.ask("referral_chains", as_of=context.as_of)
    if not every:
        show_empty(context, "paths.recorded.empty")
        return
    rows = _choose_rows(context, every)
    flows = count_flows(name_kinds(rows, _list_kinds(context, rows)))
    if not flows:
        st.info(context.say("flows.none"))
        return
    title = context.say("flows.title", count=len(rows))
    st.markdown(f"**{title}**")
    st.image(draw_flows(flows, title=title), width="stretch")
    st.caption(context.say("flows.note"))
    with st.expander(context.say("flows.table")):
        st.caption(context.say("flows.share"))
        st.html(_draw_figures(context, flows))


def name_kinds(rows: Iterable[Row], kinds: Mapping[str, str]) -> list[list[str]]:
    """Return the chains of the cases as kinds; an agency without a kind goes by its name."""
    return [
        [
            kinds.get(organization_id) or name
            for organization_id, name in zip(row["organization_ids"], row["agencies"], strict=True)
        ]
        for row in rows
    ]


def _list_kinds(context: Context, rows: Sequence[Row]) -> dict[str, str]:
    ids = sorted({one for row in rows for one in row["organization_ids"] if one})
    return {
        row["organization_id"]: row["agency_type"] or context.label(FIELDS, row["field"])
        for row in context.ask("path_agencies", organization_ids=ids)
    }


def _choose_rows(context: Context, every: Sequence[Row]) -> list[Row]:
    year, referrer, place = st.columns([2, 1, 1])
    with year:
        chosen = choose_one(
            context.say("paths.year"),
            list_years(every),
            ALL_YEARS,
            lambda code: _name_year(context, code),
            "flow_year",
        )
    rows = select_year(every, chosen)
    with referrer:
        rows = _narrow(context, rows, "referrer")
    if not context.may("see_clients"):
        return rows
    with place:
        return _narrow(context, rows, "destination")


def _name_year(context: Context, year: str) -> str:
    if year == ALL_YEARS:
        return context.say("paths.all_years")
    return context.say("paths.fiscal_year", year=year)


def _narrow(context: Context, rows: list[Row], column: str) -> list[Row]:
    # Where a client settles is personal: the choice stays out of the address.
    chosen = st.selectbox(
        context.say(f"paths.column.{column}"),
        sorted({row[column] for row in rows if row[column]}, key=order_name),
        index=None,
        placeholder=context.say("paths.all_years"),
        key=f"flow_{column}",
    )
    return [row for row in rows if chosen in (None, row[column])]


def _draw_figures(context: Context, flows: Sequence[Flow]) -> str:
    columns = ("step", "from", "to", "count", "share")
    leaving = count_leaving(flows)
    return draw_table(
        [context.say(f"flows.column.{name}") for name in columns],
        [
            (
                str(flow.layer + 1),
                flow.source,
                flow.target,
                str(flow.count),
                write_share(context, flow.count, leaving[flow.layer, flow.source]),
            )
            for flow in flows
        ],
        caption=context.say("flows.table"),
        numbers=[0, 3, 4],
        narrow=True,
    )
