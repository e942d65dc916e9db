"""What stands around every page: facility, date, language, and word of the database's state."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, NoReturn, TypeVar, cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from graph.logs import write_event
from graph.rights import Actor, Right, Unrecorded
from graph.schema import NODES
from graph.store import NotRecorded, Refused, Row, Store, StoreError, Unavailable
from graph.vocabulary import Vocabulary
from texts import DEFAULT_LANGUAGE, LANGUAGES, Language, Voice, say
from texts.dates import DATE_FORMS, USUAL_FORMS, DateForm, write_date
from views.database import Database, Trouble, concerns_clients, open_database
from views.heartbeat import SAID, watch_from_browser
from views.markdown import escape
from views.sign_in import find_actor, show_who
from views.spoken import name_page, speak_language

C = TypeVar("C", bound=str)
T = TypeVar("T")

BANNER_REFRESH_S: Final = 2.0
DATE: Final = "date"
"""Key of the as-of date, in the session and in the address."""

_NEXT_DATE: Final = "_next_date"
_SAID_AWAY: Final = "_said_away"
_SAID_REMEMBERED: Final = "_said_remembered"

FIRST_DAY: Final = date(2000, 1, 1)
LAST_DAY: Final = date(2100, 12, 31)

# Streamlit leaves a hand's breadth empty above a page; on a projector that is a row of cards.
# On a tablet all pages stay in sight: what does not fit goes behind a word Streamlit has in
# English only.
_STYLE: Final = (
    "<style>.stMainBlockContainer{padding:3.6rem 2rem 1rem;max-width:none}"
    # Streamlit offers every table as a file; ours are offered to who may, and go on record.
    "[data-testid=stElementToolbarButton]:has([aria-label^='Download'])"
    "{display:none}"
    # Its own grey is too pale to read easily: 3.9 to 1 where WCAG asks for 4.5.
    "[data-testid=stCaptionContainer]{color:#5a6570;opacity:1}"
    # Enlarged to 200 % words break into lines instead of being cut off or pushed out of sight.
    ":is([data-testid^=stBaseButton],[data-testid=stPopoverButton],[data-testid=stMetricLabel],"
    "[data-testid=stButtonGroup] button) :is([data-testid=stMarkdownContainer],p,span,div)"
    "{white-space:normal;overflow:visible}"
    "[data-testid=stMarkdownContainer] :is(td,th){overflow-wrap:anywhere}"
    "[data-testid=stButtonGroup]>div{flex-wrap:wrap;row-gap:.25rem}"
    "[data-testid=stButtonGroup] button{min-width:0;max-width:100%;height:auto}"
    "@media(prefers-reduced-motion:reduce){*,::before,::after{transition:none!important;"
    "animation-duration:.01s!important;scroll-behavior:auto!important}}"
    "@media(max-width:1200px){[data-testid=stTopNavLink]{padding:.25rem .3rem}"
    "[data-testid=stTopNavLink] *{font-size:.84rem}}</style>"
)


@dataclass(frozen=True, slots=True)
class Context:
    """What every page is about: the language, the last day counted, and whose network."""

    database: Database
    language: Language
    as_of: date
    facility_id: str | None
    facility_name: str
    actor: Actor
    notices: DeltaGenerator
    """Where the state of the database is said, above the page."""
    voice: Voice
    """In which language and with which form of days the page is written."""

    def say(self, key: str, /, **values: object) -> str:
        """Return a text of the catalogue in the page's language, days in the chosen form."""
        return self.voice.say(key, **values)

    def mark(self, key: str, /, **values: object) -> str:
        """Return a text for Markdown; what its values bring is shown letter by letter."""
        plain = {
            name: escape(value) if isinstance(value, str) else value
            for name, value in values.items()
        }
        return self.say(key, **plain)

    def write_date(self, day: date | None, precision: str | None = None) -> str:
        """Return a day for a sentence, no more exact than it is known; "" for none."""
        return self.voice.write_date(day, precision)

    def write_short(self, day: date | None, precision: str | None = None) -> str:
        """Return a day for a table, no more exact than it is known; "" for none."""
        return self.voice.write_short(day, precision)

    def list_words(self, words: Iterable[str | None]) -> str:
        """Return words as a list in a sentence, without the empty ones."""
        return self.say("ecomap.list_mark").join(filter(None, words))

    def set_beside(self, words: Iterable[str | None]) -> str:
        """Return words that stand beside one another in a line, without the empty ones."""
        return self.say("app.beside_mark").join(filter(None, words))

    def label(self, vocabulary: Vocabulary, code: str | None) -> str:
        """Return the label of a code; "" for none."""
        return "" if code is None else vocabulary.label(code, self.language)

    def ask(self, name: str, **values: object) -> list[Row]:
        """Ask a question; with the database away show the last good answer and say so.

        A question that was never answered stops the page with a clear message.
        """
        try:
            answer = self.database.ask(self.actor, name, **values)
        except Unavailable:
            show_database_state(self.database, self.language)
            if concerns_clients(name):
                st.info(self.say("app.clients_away"), icon="🔒")
            st.stop()
        except (Refused, NotRecorded) as error:
            st.error(self.say(error.code), icon="🔒")
            st.stop()
        except StoreError as error:  # a graph that is not prepared, or made by newer code
            st.error(self.say(error.code), icon="⚠️")
            st.stop()
        if answer.as_known_at is not None:
            self._say_remembered(answer.as_known_at)
        return list(answer.rows)

    def may(self, right: Right) -> bool:
        """Say whether who looks has the right; a page leaves out what it would be refused."""
        return self.actor.may(right)

    def use(self, work: Callable[[Store], T]) -> T:
        """Do `work` with the store as who looks; see `Database.use`."""
        return self.database.use(self.actor, work)

    def about(self, **values: Any) -> dict[str, Any]:
        """Return the parameters facility and date, which most questions take, with others."""
        return {"facility_id": self.facility_id, "as_of": self.as_of} | values

    def _say_remembered(self, moment: datetime) -> None:
        with self.notices:  # it may have gone during this run
            show_database_state(self.database, self.language)
        # Once a run, however many answers are remembered ones.
        if not st.session_state.get(_SAID_REMEMBERED):
            st.session_state[_SAID_REMEMBERED] = True
            self.notices.warning(
                self.say("app.remembered", time=f"{moment:%H:%M:%S}"), icon=":material/history:"
            )


def choose_context() -> Context:
    """Draw the bar above the page and return what is chosen in it; the address holds it too.

    What goes wrong meanwhile - a graph of a newer version, data of somebody else - is said, and
    the run ends: around the bar there is no `run_page` to do so.
    """
    try:
        return _choose_context()
    except StoreError as error:  # the facilities cannot be asked for: it is the graph's own state
        _end_run(error.code)
    except Exception as error:
        _log_failure("frame", error)
        _end_run("app.failed")


def _end_run(code: str) -> NoReturn:
    """Say what is wrong in the language of the address, which may not have been chosen yet."""
    st.error(say(code, read_choice("lang", LANGUAGES, DEFAULT_LANGUAGE)), icon="⚠️")
    st.stop()


def _choose_context() -> Context:
    st.session_state[_SAID_REMEMBERED] = st.session_state[_SAID_AWAY] = False
    database = open_database()
    st.html(_STYLE)
    with st.container(key="frame"):
        bar = st.columns([5, 4, 7], vertical_alignment="bottom")
    with bar[2], st.container(horizontal=True, vertical_alignment="center"):
        language = _choose_language()
        dates = _choose_dates(language)
        actor = find_actor(language)
        show_who(actor, language)
    notices = st.container()
    with notices:
        show_database_state(database, language)
    watch_from_browser(language)
    speak_language(language)
    facilities = _list_facilities(database, actor, language)
    with bar[0]:
        facility_id = _choose_facility(facilities, language)
    if _NEXT_DATE in st.session_state:
        st.session_state[DATE] = st.session_state.pop(_NEXT_DATE)
    with bar[1]:
        as_of = st.date_input(
            _label_date(language, dates),
            value=date.today(),
            min_value=FIRST_DAY,
            max_value=LAST_DAY,
            key=DATE,
            bind="query-params",
            format="YYYY/MM/DD",
        )
    name = facilities.get(facility_id or "", "")
    voice = Voice(language, dates)
    return Context(database, language, as_of, facility_id, name, actor, notices, voice)


def go_to_date(day: date) -> NoReturn:
    """Run the page again as of `day`."""
    st.session_state[_NEXT_DATE] = day
    st.rerun()


def run_page(run: Callable[[], None], context: Context, name: str) -> None:
    """Run the page `name`, once it is on record that it is seen.

    An error of ours becomes a sentence and a line in the log, never a traceback.
    """
    name_page(context.say(f"app.page.{name}"))
    try:
        context.actor.note("view", f"{name} {context.facility_id or ''}".strip(), None)
    except Unrecorded:
        st.error(context.say("store.not_recorded"), icon="🔒")
        return
    try:
        with st.spinner(context.say("app.working")):
            run()
    except Exception as error:
        _log_failure(name, error)
        st.error(context.say("app.failed"), icon="⚠️")


def _log_failure(page: str, error: Exception) -> None:
    """Put on the log the kind of error and its place in our code.

    Not its words: they could hold a person's data.
    """
    place = traceback.extract_tb(error.__traceback__)[-1]
    write_event(
        "page.failed",
        logging.ERROR,
        page=page,
        error=type(error).__name__,
        place=f"{Path(place.filename).name}:{place.lineno}",
    )


def read_choice(key: str, allowed: Collection[C], default: C) -> C:
    """Return the choice the address holds under `key`, `default` when it holds none of `allowed`.

    Streamlit's own binding writes the label of an option, which changes with the language.
    """
    value = st.query_params.get(key)
    return next((choice for choice in allowed if choice == value), default)


def write_choice(key: str, value: str, default: str) -> None:
    """Keep a choice in the address; the default one leaves it."""
    if value != default:
        st.query_params[key] = value
    else:
        st.query_params.pop(key, None)


def show_database_state(database: Database, language: Language) -> None:
    """Say once a run that the database is away, and run the page again when it is back."""
    if database.trouble is None or st.session_state.get(_SAID_AWAY):
        return
    st.session_state[_SAID_AWAY] = True

    @st.fragment(run_every=BANNER_REFRESH_S)
    def banner() -> None:
        trouble = database.trouble
        if trouble is None:
            st.rerun()
        else:
            st.error(_write_trouble(trouble, language), icon=":material/cloud_off:")

    with st.container(key=SAID):
        banner()


def _write_trouble(trouble: Trouble, language: Language) -> str:
    """Return that the database is away, and why where somebody can do something about it."""
    words = say("app.database_away", language)
    if trouble.code in {Unavailable.code, StoreError.code}:
        return words
    return f"{words}\n\n{say(trouble.code, language, **trouble.values)}"


def show_empty(context: Context, key: str) -> None:
    """Say what to do where there is nothing to show yet."""
    st.info(context.say(key), icon="📥")


def describe(label: str, name: str, language: Language) -> str:
    """Return a property's label from the schema declaration."""
    declared = next(p for p in NODES[label].properties if p.name == name)
    return declared.ja if language == "ja" else declared.en


def _choose_language() -> Language:
    chosen = st.segmented_control(
        "言語 / Language",
        LANGUAGES,
        default=read_choice("lang", LANGUAGES, DEFAULT_LANGUAGE),
        format_func=lambda code: {"ja": "日本語", "en": "English"}[code],
        key="lang",
        label_visibility="collapsed",
    )
    language: Language = chosen or DEFAULT_LANGUAGE
    write_choice("lang", language, DEFAULT_LANGUAGE)
    return language


def _choose_dates(language: Language) -> DateForm:
    """Draw how days are written, each form by this day; the usual one of the language at first."""
    usual = USUAL_FORMS[language]
    with st.popover(say("dates.button", language), icon=":material/calendar_month:"):
        chosen: DateForm = st.radio(
            say("dates.title", language),
            DATE_FORMS,
            index=DATE_FORMS.index(read_choice("dates", DATE_FORMS, usual)),
            format_func=lambda form: write_date(date.today(), form, language),
            key=f"dates_{language}",
        )
    write_choice("dates", chosen, usual)
    return chosen


def _label_date(language: Language, dates: DateForm) -> str:
    """Return the label of the box of the day, which itself cannot write an era."""
    words = say("app.as_of", language)
    if dates != "era":
        return words
    return say("app.as_of_era", language, words=words, day=write_date(_find_day(), dates, language))


def _find_day() -> date:
    """Return the day that the box, which is not drawn yet, is going to show."""
    try:
        return cast("date", st.session_state[DATE]) or date.today()
    except KeyError:
        pass
    try:
        return date.fromisoformat(st.query_params.get(DATE, ""))
    except ValueError:
        return date.today()


def _list_facilities(database: Database, actor: Actor, language: Language) -> dict[str, str]:
    try:
        rows = database.ask(actor, "ecomap_facilities").rows
    except Unavailable:
        show_database_state(database, language)
        st.stop()
    return {row["organization_id"]: row["name"] for row in rows}


def _choose_facility(facilities: dict[str, str], language: Language) -> str | None:
    if not facilities:
        return None
    first = next(iter(facilities))
    chosen: str = st.selectbox(
        say("app.facility", language),
        list(facilities),
        index=list(facilities).index(read_choice("facility", facilities, first)),
        format_func=lambda facility: facilities.get(facility, ""),
        key="facility",
    )
    write_choice("facility", chosen, first)
    return chosen
