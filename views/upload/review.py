"""Offices of open data that may be agencies already known: side by side, one click each."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import Any, Final

import streamlit as st

from graph.store import Row, Store, StoreError
from graph.vocabulary import MATCH_DECISIONS, OPEN_DATA_SOURCES
from loaders.loading import make_load_id
from loaders.open_data.decisions import Decision, NoSuchPair, decide, take_back
from views.frame import Context, show_database_state
from views.undo import find_writer, name_actor
from views.upload import pairs
from views.upload.editions import write_edition

SHOWN: Final = 20
"""Pairs on one page: as many as a person decides in a sitting."""

_COMPARED: Final = (
    "name", "corporation", "address", "phone", "office_number", "corporate_number", "url",
)  # fmt: skip
_SAID: Final = "_review_said"


def show_review(context: Context) -> None:
    """Draw the pairs that wait and, folded, those decided."""
    st.html(pairs.STYLE)
    if said := st.session_state.pop(_SAID, None):
        st.success(said)
    waiting = context.ask("open_data_doubts", limit=SHOWN)
    if waiting:
        count = waiting[0]["waiting"]
        st.markdown(context.say("upload.review.waiting", count=f"{count:,}"))
        for _, office in groupby(waiting, key=lambda row: row["listing_id"]):
            _show_office(context, list(office))
    else:
        st.info(context.say("upload.review.nothing"), icon="✅")
    _show_decided(context)


def count_waiting(context: Context) -> int:
    """Return how many offices wait for a decision."""
    rows = context.ask("open_data_doubts", limit=1)
    return int(rows[0]["waiting"]) if rows else 0


def _show_office(context: Context, office: list[Row]) -> None:
    with st.container(border=True):
        for pair in office:
            st.html(_draw_pair(context, pair))
            same, different, _ = st.columns([2, 2, 3])
            key = f"{pair['listing_id']}_{pair['organization_id']}"
            if same.button(
                context.say("upload.review.same"),
                key=f"same_{key}",
                type="primary",
                width="stretch",
            ):
                _decide(context, pair, "same")
            if different.button(
                context.say("upload.review.different"), key=f"different_{key}", width="stretch"
            ):
                _decide(context, pair, "different")


def _draw_pair(context: Context, pair: Row) -> str:
    source = context.label(OPEN_DATA_SOURCES, pair["source"])
    edition = write_edition(context, pair["edition"])
    left = context.say("upload.review.office", source=source, edition=edition)
    right = context.say("upload.review.agency")
    service = f"（{pair['service']}）" if pair["service"] else ""
    facts = pair["office"], pair["agency"]
    why = pair["reason"], pair["similarity"]
    return pairs.draw_pair(context, (left + service, right), facts, _COMPARED, why)


def _decide(context: Context, pair: Row, decision: Decision) -> None:
    load_id = make_load_id()

    def work(store: Store) -> None:
        ids = pair["listing_id"], pair["organization_id"]
        decide(store, load_id, *ids, decision, actor=find_writer(context))

    words = context.mark(f"upload.review.said_{decision}", name=pair["office"]["name"])
    _write(context, work, words)


def _take_back(context: Context, pair: Row) -> None:
    load_id = make_load_id()

    def work(store: Store) -> None:
        ids = pair["listing_id"], pair["organization_id"]
        take_back(store, load_id, *ids, actor=find_writer(context))

    _write(context, work, context.mark("upload.review.said_back", name=pair["office"]["name"]))


def _write(context: Context, work: Any, words: str) -> None:
    try:
        context.use(work)
    except NoSuchPair:
        words = context.say("upload.review.gone")
    except StoreError as error:
        st.error(context.say(error.code))
        show_database_state(context.database, context.language)
        return
    st.session_state[_SAID] = words
    st.rerun()


def _show_decided(context: Context) -> None:
    decided = context.ask("open_data_doubts", decided=True, limit=SHOWN)
    if not decided:
        return
    with st.expander(context.say("upload.review.decided", count=len(decided))):
        for pair in decided:
            words, button = st.columns([5, 1], vertical_alignment="center")
            words.markdown(
                context.mark(
                    "upload.review.decision",
                    office=pair["office"]["name"],
                    agency=pair["agency"]["name"],
                    decision=context.label(MATCH_DECISIONS, pair["decision"]),
                    when=context.voice.write_time(datetime.fromisoformat(pair["decided_at"])),
                    who=name_actor(context, pair["decided_by"]),
                )
            )
            key = f"back_{pair['listing_id']}_{pair['organization_id']}"
            if button.button(context.say("upload.review.back"), key=key, width="stretch"):
                _take_back(context, pair)
