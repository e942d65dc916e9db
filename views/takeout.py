"""The page 持ち出し: everything as a file, made when it is asked for; and where others may read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final
from urllib.parse import urlsplit

import streamlit as st

from exporters.facts import DEMANDED, list_sheets
from exporters.takeout import TAKEOUTS, take_out
from graph.store import NotRecorded, Refused, StoreError
from loaders.reading.headers import SheetKind, read_words
from loaders.templates import ORDER
from views.frame import Context, show_database_state
from views.progress import show_progress

_GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "records": ("workbook",),
    "directory": ("hsds", "hsds_json"),
    "network": ("graphml", "gexf", "kumu"),
}
_MADE: Final = "_takeout_made"
"""Kind, day and language of the file that was made last, with its bytes."""


def show(context: Context) -> None:
    """Draw every kind of file with what it is for, and for administrators the read API."""
    st.markdown(context.say("takeout.intro"))
    for group, kinds in _GROUPS.items():
        st.subheader(context.say(f"takeout.group.{group}"))
        for kind in kinds:
            with st.container(border=True):
                _show_kind(context, kind)
    st.caption(context.say("takeout.not_everything"))
    if context.may("administer"):
        _show_api(context)


def _show_kind(context: Context, kind: str) -> None:
    name = context.say(f"takeout.kind.{kind}")
    about, button = st.columns([5, 1.4], vertical_alignment="center")
    sheets = _name_sheets(context, list_sheets(context.actor))
    purpose = context.say(f"takeout.purpose.{kind}", date=context.as_of, sheets=sheets)
    about.markdown(f"**{name}**  \n{purpose}")
    hidden = [one for one in ORDER if one not in list_sheets(context.actor)]
    if kind == "workbook" and hidden:
        about.caption(context.say("takeout.withheld", sheets=_name_sheets(context, hidden)))
    data = _find_made(context, kind)
    with button:
        if data is None and st.button(
            context.say("takeout.prepare"),
            key=f"takeout_{kind}",
            help=context.say("takeout.prepare_named", name=name),
            width="stretch",
        ):
            _make(context, kind)
        elif data is not None:
            _offer(context, kind, data)
    if data is not None:
        about_people = kind == "workbook" and len(hidden) < len(DEMANDED)
        words = context.say(f"takeout.{'mind' if about_people else 'ready'}", name=name)
        st.success(words, icon=":material/check:")


def _name_sheets(context: Context, kinds: list[SheetKind] | tuple[SheetKind, ...]) -> str:
    return context.list_words(read_words()[kind].names[0] for kind in kinds)


def _find_made(context: Context, kind: str) -> bytes | None:
    """Return the file of this kind if it is the one that was made last, for what is shown now."""
    made: tuple[tuple[str, date, str], bytes] | None = st.session_state.get(_MADE)
    return made[1] if made and made[0] == _name_made(context, kind) else None


def _name_made(context: Context, kind: str) -> tuple[str, date, str]:
    return kind, _find_day(context, kind), context.language


def _find_day(context: Context, kind: str) -> date:
    return context.as_of if TAKEOUTS[kind].is_of_day else date.today()


def _make(context: Context, kind: str) -> None:
    """Make the file, which puts it on record, and draw the page anew with its download."""
    day = _find_day(context, kind)
    try:
        with show_progress(context.say("takeout.preparing")) as advance:
            data = context.use(lambda store: take_out(store, kind, day, context.say, advance))
    except (Refused, NotRecorded) as error:
        st.error(context.say(error.code), icon="🔒")
        return
    except StoreError as error:
        st.error(context.say(error.code), icon="⚠️")
        show_database_state(context.database, context.language)
        return
    st.session_state[_MADE] = (_name_made(context, kind), data)
    st.rerun()


def _offer(context: Context, kind: str, data: bytes) -> None:
    takeout = TAKEOUTS[kind]
    day = _find_day(context, kind)
    st.download_button(
        context.say("takeout.download", size=f"{max(1, round(len(data) / 1000)):,}"),
        data,
        f"tsunagi-{day.isoformat()}.{takeout.ending}",
        takeout.mime,
        key=f"takeout_file_{kind}",
        on_click="ignore",
        type="primary",
        icon=":material/download:",
        width="stretch",
    )


def _show_api(context: Context) -> None:
    st.subheader(context.say("takeout.api.title"))
    st.markdown(context.say("takeout.api.intro"))
    account, key = context.say("takeout.api.account"), context.say("takeout.api.your_key")
    st.markdown(context.say("takeout.api.key"))
    st.code(
        f"tsunagi account add {account} --provider --role viewer\n"
        f"tsunagi account key {account} --days 365",
        language="bash",
        wrap_lines=True,
    )
    address = _find_address()
    st.markdown(context.say("takeout.api.example"))
    st.code(
        f'curl -H "Authorization: Bearer {key}" "{address}/hsds/organizations?per_page=100"',
        language="bash",
        wrap_lines=True,
    )
    st.markdown(context.say("takeout.api.all", address=f"{address}/openapi.json"))


def _find_address() -> str:
    """Return the address of the read API beside the page as the browser knows it."""
    parts = urlsplit(st.context.url or "")
    folder = parts.path.rpartition("/")[0] if parts.path.strip("/") else ""
    return f"{parts.scheme}://{parts.netloc}{folder}/api"
