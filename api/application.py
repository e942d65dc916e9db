"""The API put together: who asks, which answers there are, and what an error looks like."""

from __future__ import annotations

from typing import Any, Final

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from api.desk import Desk
from api.directory import make_directory
from api.questions import make_questions
from graph.rights import Unrecorded
from graph.store import NotRecorded, Refused, StoreError, Unavailable
from queries import BadParameter

_ABOUT: Final = (
    "Reads only. `/hsds` is the directory as Open Referral HSDS 3.0; `/questions` asks what the "
    "pages ask. Whoever asks sees what the roles of the account allow."
)


class Problem(BaseModel):
    """What is wrong, as a code; never what was sent, which may be about a person."""

    detail: str = Field(examples=["queries.type"])


_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"model": Problem} for status in (403, 422, 503)
}


def make_api(desk: Desk) -> FastAPI:
    """Return the application; that something is asked of it goes on record first.

    Errors are ``{"detail": code}``: 403 the right is missing, 422 a value is missing or not of its
    kind, 503 the database is away or what is asked cannot be put on record.
    """

    def record(request: Request, response: Response) -> None:
        response.headers["cache-control"] = "no-store"
        path = request.url.path.removeprefix(request.scope.get("root_path", ""))
        desk.find_actor(request).note("view", f"api {path}", None)

    api = FastAPI(
        title="つなぎ Tsunagi", version="1", description=_ABOUT, docs_url=None, redoc_url=None,
        dependencies=[Depends(record)], responses=_PROBLEMS,
    )  # fmt: skip
    api.include_router(make_directory(desk), prefix="/hsds", tags=["HSDS 3.0"])
    api.include_router(make_questions(desk), prefix="/questions", tags=["Questions"])
    api.add_exception_handler(StoreError, _answer_store_error)
    api.add_exception_handler(Unrecorded, _answer_unrecorded)
    api.add_exception_handler(BadParameter, _answer_bad_parameter)
    api.add_exception_handler(RequestValidationError, _answer_bad_request)
    return api


def _answer_store_error(_request: Request, error: Exception) -> JSONResponse:
    """Say what is wrong by its code; the words of the database may hold a person's data."""
    code = getattr(error, "code", StoreError.code)
    return JSONResponse({"detail": code}, _choose_status(error))


def _choose_status(error: Exception) -> int:
    if isinstance(error, Refused):
        return 403
    if isinstance(error, Unavailable | NotRecorded):
        return 503
    is_callers_fault = str(error).startswith("Neo.ClientError.")
    return 422 if is_callers_fault else 500


def _answer_unrecorded(_request: Request, _error: Exception) -> JSONResponse:
    return JSONResponse({"detail": NotRecorded.code}, 503)


def _answer_bad_parameter(_request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": getattr(error, "code", "queries.type")}, 422)


def _answer_bad_request(_request: Request, error: Exception) -> JSONResponse:
    """Answer in place of the framework, which repeats what was sent: it may be a pseudonym."""
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    is_missing = any(fault["type"] == "missing" for fault in faults)
    return JSONResponse({"detail": "queries.missing" if is_missing else "queries.type"}, 422)
