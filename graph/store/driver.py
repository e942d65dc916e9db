"""Between the driver's values and errors and our own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import neo4j
import neo4j.exceptions
import neo4j.spatial
import neo4j.time

from graph.records import Point, StoredValue
from graph.store.errors import AccessDenied, Occupied, StoreError, Unavailable
from graph.store.values import Row

_AWAY: Final = (
    neo4j.exceptions.ServiceUnavailable,
    neo4j.exceptions.SessionExpired,
    neo4j.exceptions.TransientError,
    neo4j.exceptions.ConnectionAcquisitionTimeoutError,
)

_TRANSACTION: Final = "Neo.TransientError.Transaction."
_LOCKED: Final = frozenset(
    _TRANSACTION + name
    for name in ("LockAcquisitionTimeout", "DeadlockDetected", "LockClientStopped")
)


def to_rows(result: neo4j.Result) -> list[Row]:
    """Return the rows of an answer, column → plain value; [] when there are none."""
    return [{key: to_plain(value) for key, value in record.items()} for record in result]  # type: ignore[no-untyped-call]


def to_driver(value: StoredValue) -> object:
    """Return the driver's form of a stored value."""
    if isinstance(value, Point):
        return neo4j.spatial.WGS84Point((value.longitude, value.latitude))
    return value


def to_plain(value: Any) -> Any:
    """Return our form of what the driver read, lists and maps through and through."""
    if isinstance(value, neo4j.time.Date | neo4j.time.DateTime):
        return value.to_native()
    if isinstance(value, neo4j.spatial.WGS84Point):
        return Point(latitude=value.latitude, longitude=value.longitude)
    if isinstance(value, list):
        return [to_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: to_plain(item) for key, item in value.items()}
    return value


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's errors into the store's own.

    The driver's messages may quote values, so they are not even chained: a traceback in a log must
    not hold a person's data.
    """
    try:
        yield
    except neo4j.exceptions.AuthError:
        raise AccessDenied from None
    except _AWAY as error:
        # The database is well where another write only keeps this one waiting for too long.
        is_locked = isinstance(error, neo4j.exceptions.Neo4jError) and error.code in _LOCKED
        raise (Occupied if is_locked else Unavailable) from None
    except (neo4j.exceptions.Neo4jError, neo4j.exceptions.DriverError) as error:
        raise StoreError(getattr(error, "code", None) or type(error).__name__) from None
