"""What the server serves: the app and the read API behind the gate."""

from collections.abc import Sequence

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.routing import Mount

from access.entry import ALONE, open_access, open_api_keys, open_journal, put_on_record
from access.gate import ACCOUNT, API, Gate
from api.application import make_api
from graph.folders import choose_data_dir
from graph.logs import open_log, write_event
from graph.rights import RIGHTS, Actor, add_up
from graph.store import Row
from queries import ask
from views.database import Database, open_database
from views.spoken.document import SpokenDocument


class AppDesk:
    """Answers the API as the app answers its pages: for the account of a key, or on one PC."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find_actor(self, request: Request) -> Actor:
        """Return whose key the request brought; the gate says None only where none is needed."""
        account = request.scope[ACCOUNT]
        if account is None:
            return put_on_record(ALONE, RIGHTS)
        return put_on_record(account.name, add_up(account.roles))

    def ask(self, actor: Actor, name: str, **values: object) -> Sequence[Row]:
        """Ask the database afresh: another system must not take what is remembered for new."""
        return self._database.use(actor, lambda store: ask(store, name, **values))


open_log("app", choose_data_dir())
write_event("app.started")
access, register = open_access()
database = open_database()
database.is_well()  # watched from now on, not from the first page on
gate = Middleware(
    Gate,
    access=access,
    register=register,
    journal=open_journal(),
    is_well=database.is_well,
    find_key=open_api_keys().find,
)
app = st.App(
    "app.py",
    secrets=access.secrets,
    routes=[Mount(API, make_api(AppDesk(database)))],
    middleware=[gate, Middleware(SpokenDocument)],
)
