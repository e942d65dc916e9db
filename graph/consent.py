"""When a client's consent stands, and which agencies need one: the rule, said once.

A client's consent for an agency and a purpose stands on a day when a Consent of the client for the
agency and the purpose has begun, has not ended (its last day counts) and was not taken back. The
day is always today, whatever day a page looks at: what was taken back is hidden in the past as
well. No consent means no.

Every agency that was told of the client needs one: who received a referral of the client, and who
an event concerns together with the client. Two knew already and need none: the facility whose file
it is, and the agency that sent the client to the facility first, unless the facility has sent the
client to it since.

A question that shows a single client holds the same rule as one block of Cypher, in the same words
in each file, with the parameters `today` and `override`. A write by hand that tells an agency of a
client is held to it by `graph.store.provisions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final, Literal

ConsentState = Literal["standing", "ending", "coming", "ended", "withdrawn"]

SHOWN_FOR: Final = "referral"
"""The purpose for which a client's referrals, paths and ecomap are shown."""

ENDS_SOON: Final = timedelta(days=30)


def read_today() -> date:
    """Return the day on which consents are looked at."""
    return date.today()


def find_state(
    since: date, until: date | None, withdrawn_on: date | None, today: date
) -> ConsentState:
    """Return how a consent stands; `ending` stands still, but for 30 days at most."""
    if withdrawn_on is not None:
        return "withdrawn"
    if since > today:
        return "coming"
    if until is None or until > today + ENDS_SOON:
        return "standing"
    return "ending" if until >= today else "ended"


def is_standing(state: ConsentState) -> bool:
    """Say whether a consent in this state allows anything."""
    return state in ("standing", "ending")


def find_consent(
    rows: Iterable[Mapping[str, Any]], organization_id: str | None, purpose: str, today: date
) -> Mapping[str, Any] | None:
    """Return of a client's consents the one for the agency and purpose that stands longest.

    The rows are those of the question `consents`; None when no consent stands.
    """
    found = [
        row
        for row in rows
        if (row["organization_id"], row["purpose"]) == (organization_id, purpose)
        and is_standing(find_state(row["since"], row["until"], row["withdrawn_on"], today))
    ]
    return max(found, key=lambda row: row["until"] or date.max, default=None)
