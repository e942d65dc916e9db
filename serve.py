"""What the server serves: the app behind the gate."""

import streamlit as st
from starlette.middleware import Middleware

from access.entry import open_access, open_journal
from access.gate import Gate
from views.database import open_database

access, register = open_access()
open_database().is_well()  # watched from now on, not from the first page on
gate = Middleware(
    Gate,
    access=access,
    register=register,
    journal=open_journal(),
    is_well=open_database().is_well,
)
app = st.App("app.py", secrets=access.secrets, middleware=[gate])
