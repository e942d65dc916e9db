"""Where the API asks: for whom, and of which graph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from fastapi import Request

from graph.rights import Actor
from graph.store import Row


class Desk(Protocol):
    """Answers questions for whoever sends a request, within their rights."""

    def find_actor(self, request: Request) -> Actor:
        """Return who sends it; the gate has let nobody else through."""

    def ask(self, actor: Actor, name: str, **values: object) -> Sequence[Row]:
        """Ask a named question; the errors are those of `queries.ask`."""
