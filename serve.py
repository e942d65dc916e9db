"""What the server serves: the app behind the gate."""

import streamlit as st
from starlette.middleware import Middleware

from access.entry import open_access, open_journal
from access.gate import Gate

access, register = open_access()
app = st.App(
    "app.py",
    secrets=access.secrets,
    middleware=[Middleware(Gate, access=access, register=register, journal=open_journal())],
)
