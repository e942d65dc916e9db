"""Saved ways to show the ecomap: kept under a title, put in order, stepped through like slides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import date
from typing import Final, Literal, NoReturn
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from graph.store import Row
from loaders.forms import Entry, Standing
from loaders.saved_views import keep_view, order_views, rename_view, retire_view, stand_view
from views.ecomap.comparison import COMPARE
from views.ecomap.narrowing import ONLY_AREA, ONLY_FIELDS, ONLY_LIST
from views.ecomap.path import PATH
from views.ecomap.whose import CENTRE, SECOND, WHOSE
from views.frame import DATE, Context, go_to_date, write_choice
from views.markdown import escape
from views.record.saving import Opening, open_form, save, show_clash, show_saved

Step = Literal["next_view", "previous_view"]
Value = str | bool | tuple[str, ...]

SECTION: Final = "saved_views"
DEFAULTS: Final[Mapping[str, Value]] = {
    "look": "meeting", "chords": True, "groups": False, "stress": False,
    WHOSE: "facility", CENTRE: "", SECOND: "",
    ONLY_FIELDS: (), ONLY_AREA: "", ONLY_LIST: "", PATH: "", COMPARE: "",
}  # fmt: skip
"""What a view holds beside the date: the keys of the page's choices, each with its default.

A client is never among them: whose ecomap a client's is stays in the session.
"""

_CLIENT: Final = "client"  # whose ecomap
_LOOK: Final = "look"
_SLIDE: Final = frozenset(DEFAULTS) - {_LOOK}
_NEXT: Final = "ecomap_next_view"
_LAST: Final = "ecomap_last_view"
_LONGEST: Final = 60


def take_view() -> None:
    """Set the page's choices as the view says that was opened in the run before."""
    address = st.session_state.pop(_NEXT, None)
    if address is None:
        return
    wanted = dict(parse_qsl(address))
    for key, default in DEFAULTS.items():
        st.session_state[key] = _read(wanted.get(key, _write(default)), default)
        if not isinstance(default, bool):  # those the page binds to the address by itself
            write_choice(key, wanted.get(key, ""), "")


def write_address(as_of: date, choices: Mapping[str, object]) -> str:
    """Return the parameters of the page's address for a day and choices; defaults are left out."""
    parts = {DATE: as_of.isoformat()}
    for key, default in DEFAULTS.items():
        value = _write(choices.get(key, default))
        if value not in ("", _write(default), _CLIENT):
            parts[key] = value
    return urlencode(parts)


def _read(text: str, default: Value) -> bool | str | list[str]:
    """Return a choice as its widget holds it."""
    if isinstance(default, bool):
        return text == "true"
    return list(filter(None, text.split(","))) if isinstance(default, tuple) else text


def _write(value: object) -> str:
    """Return a choice as the address holds it; "" for none."""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, list | tuple) else str(value or "")


def step_view(context: Context, step: Step) -> None:
    """Open the view after or before the one shown last; nothing beyond the first and the last.

    It is shown in the look of the moment: a view saved in the internal look must not come up on
    the wall because somebody pressed a key.
    """
    views = _list_views(context)
    here = _find_shown(context, views, _SLIDE) or st.session_state.get(_LAST)
    place = find_place([view["view_id"] for view in views], here, step)
    if place is not None:
        _open(views[place], look=str(st.session_state.get(_LOOK) or DEFAULTS[_LOOK]))


def find_place(ids: Sequence[str], here: str | None, step: Step) -> int | None:
    """Return the place to step to from the view `here`, the first from none; None at either end."""
    if here not in ids:
        return 0 if ids else None
    place = ids.index(here) + (1 if step == "next_view" else -1)
    return place if 0 <= place < len(ids) else None


def name_slide(context: Context) -> str | None:
    """Return the title and the number of the view that is shown; None when none is."""
    views = _list_views(context)
    shown = _find_shown(context, views, _SLIDE)
    for number, view in enumerate(views, 1):
        if view["view_id"] == shown:
            return context.say(
                "saved_views.slide", title=view["title"], number=number, count=len(views)
            )
    return None


def show_saved_views(context: Context) -> None:
    """Draw the section of saved views, closed at first."""
    section = st.expander(
        context.say("saved_views.title"), icon=":material/slideshow:", key=SECTION,
        on_change="rerun",
    )  # fmt: skip
    if not section.open:
        return
    with section:
        show_saved(context)
        views = _list_views(context)
        opening = open_form(f"views {context.facility_id}", lambda: views)
        show_clash(context, opening)
        if st.session_state.get(WHOSE) == _CLIENT:
            st.caption(context.say("saved_views.no_client"))
        elif context.may("hold_meeting"):
            _ask_title(context, opening, len(views))
        if not views:
            st.caption(context.say("saved_views.empty"))
            return
        st.caption(context.say("saved_views.hint"))
        shown = _find_shown(context, views, frozenset(DEFAULTS))
        for place, view in enumerate(views):
            _show_view(context, opening, views, place, is_shown=view["view_id"] == shown)


def _list_views(context: Context) -> list[Row]:
    views: list[Row] = context.ask("saved_views", facility_id=context.facility_id)[0]["views"]
    return views


def _find_shown(context: Context, views: Sequence[Row], keys: Set[str]) -> str | None:
    """Return the view that the page shows as far as `keys` go; of several the one opened last."""
    here = _select(write_address(context.as_of, _read_choices()), keys)
    shown = [view["view_id"] for view in views if _select(view["address"], keys) == here]
    last = st.session_state.get(_LAST)
    return last if last in shown else next(iter(shown), None)


def _select(address: str, keys: Set[str]) -> dict[str, str]:
    return {key: value for key, value in parse_qsl(address) if key == DATE or key in keys}


def _read_choices() -> dict[str, object]:
    choices = {key: st.session_state.get(key) for key in DEFAULTS}
    # The page that is saved is then the facility's: a client's ecomap cannot be kept.
    return choices | ({WHOSE: DEFAULTS[WHOSE]} if choices[WHOSE] == "client" else {})


def _open(view: Row, **kept: str) -> NoReturn:
    """Show a view as it was saved, but for the choices that are `kept`."""
    wanted = dict(parse_qsl(view["address"]))
    st.session_state[_LAST] = view["view_id"]
    st.session_state[_NEXT] = urlencode(wanted | kept)
    go_to_date(date.fromisoformat(wanted[DATE]))


def _ask_title(context: Context, opening: Opening, count: int) -> None:
    words, press = st.columns([4, 1], vertical_alignment="bottom")
    title = words.text_input(
        context.say("saved_views.label.title"),
        max_chars=_LONGEST,
        placeholder=context.say("saved_views.placeholder"),
        on_change="ignore",
        key=opening.key("title"),
    )
    label = context.say("saved_views.keep")
    if press.button(label, key=opening.key("keep"), type="primary", width="stretch"):
        entry = keep_view(
            {"title": title}, _label(context), context.facility_id or "",
            write_address(context.as_of, _read_choices()), opening.token, position=count,
        )  # fmt: skip
        save(context, opening, entry)


def _show_view(
    context: Context, opening: Opening, views: Sequence[Row], place: int, *, is_shown: bool
) -> None:
    """Draw a view: its number and title to open it, and what can be done with it."""
    view = views[place]
    key = f"{view['view_id']}_"
    columns = st.columns([10, 1, 1, 2, 2], vertical_alignment="center")
    opened = columns[0].button(
        f"{place + 1}. {escape(view['title'])}",
        key=opening.key(f"{key}open"),
        icon=":material/visibility:" if is_shown else None,
        width="stretch",
    )
    if opened:
        _open(view)
    if not context.may("hold_meeting"):
        return
    standing = [stand_view(each) for each in views]
    for column, sign, other in ((columns[1], "↑", place - 1), (columns[2], "↓", place + 1)):
        is_end = not 0 <= other < len(views)
        help = context.say("saved_views.earlier" if sign == "↑" else "saved_views.later")
        if column.button(sign, key=opening.key(key + sign), disabled=is_end, help=help):
            save(context, opening, _swap(standing, place, other), standing)
    with columns[3].popover(context.say("saved_views.rename"), width="stretch"):
        _ask_rename(context, opening, standing, place)
    with columns[4].popover(context.say("saved_views.remove"), width="stretch"):
        st.caption(context.say("saved_views.remove_about"))
        if st.button(context.say("saved_views.remove_yes"), key=opening.key(f"{key}remove")):
            save(context, opening, retire_view(standing[place], date.today()), standing)


def _ask_rename(
    context: Context, opening: Opening, standing: Sequence[Standing], place: int
) -> None:
    view = standing[place].record
    title = st.text_input(
        context.say("saved_views.label.title"),
        value=str(view.properties["title"]),
        max_chars=_LONGEST,
        on_change="ignore",
        key=opening.key(f"{view.identity}_title"),
    )
    if st.button(context.say("saved_views.rename_yes"), key=opening.key(f"{view.identity}_rename")):
        entry = rename_view({"title": title}, _label(context), standing[place])
        save(context, opening, entry, standing)


def _swap(standing: Sequence[Standing], place: int, other: int) -> Entry:
    order = list(standing)
    order[place], order[other] = order[other], order[place]
    return order_views(order)


def _label(context: Context) -> dict[str, str]:
    return {"title": context.say("saved_views.label.title")}
