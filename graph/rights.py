"""Who may see and do what: one table of roles, and the actor every read and write is done for.

The door to the database demands the right of what it is asked (`queries.ask` for a question,
`graph.store.Store.write` for records), so that a page which forgets to ask cannot show or change
anything. A person may hold several roles; the rights add up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal, get_args

from graph.records import Record, RelationshipRecord

Right = Literal[
    "see_network",
    "see_people",
    "see_levels",
    "see_statistics",
    "see_clients",
    "plan",
    "hold_meeting",
    "record",
    "record_clients",
    "load",
    "export",
    "override_consent",
    "administer",
]
"""What may be allowed:

see_network       agencies, ties, stages, coverage: what a meeting may see
see_people        names of contact persons, owners of tasks, words of a remark
see_levels        agreement and anxiety, scores, stressful ties
see_statistics    counts over referrals
see_clients       referrals, paths and ecomaps of single clients, by pseudonym
plan              the ranked plan and its tasks
hold_meeting      minutes, decisions, saved views
record            events, ties, people, tasks, partner lists
record_clients    referrals, clients, consents
load              files
export            files taken out
override_consent  see or send without consent, with a reason
administer        accounts, audit, backup, erasure
"""

Role = Literal["viewer", "meeting", "coordinator", "planner", "administrator"]

RIGHTS: Final[frozenset[Right]] = frozenset(get_args(Right))
ROLES: Final[tuple[Role, ...]] = get_args(Role)

GRANTED: Final[dict[Role, frozenset[Right]]] = {
    "viewer": frozenset({"see_network"}),
    "meeting": frozenset({"see_network", "hold_meeting"}),
    "coordinator": frozenset(
        {
            "see_network",
            "see_people",
            "see_levels",
            "see_statistics",
            "see_clients",
            "hold_meeting",
            "record",
            "record_clients",
            "export",
        }
    ),
    "planner": frozenset(
        {
            "see_network",
            "see_people",
            "see_levels",
            "see_statistics",
            "plan",
            "hold_meeting",
            "record",
            "load",
            "export",
        }
    ),
    "administrator": frozenset({"see_network", "administer", "load", "export", "override_consent"}),
}
"""Role → rights. An administrator of accounts sees no client: whoever does both holds two roles."""

_CLIENT_LABELS: Final = frozenset({"Client", "Referral", "Consent", "Provision"})
_BY_MEETING: Final = frozenset({"Task", "CONTACTS", "Minutes", "DECIDED", "SavedView", "OF"})


class Unrecorded(Exception):
    """What is done must be on record first, and the record cannot be written; nothing was done."""


Note = Callable[[str, str, str | None], None]
"""Puts on record (action, subject, client if one is meant) before it is done; or Unrecorded."""


def _forget(_action: str, _subject: str, _client: str | None) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody at the door: the name the provenance of a write carries, and what is allowed.

    `note` is called before a write and before a question about clients is answered.
    """

    name: str | None
    rights: frozenset[Right]
    note: Note = _forget

    def may(self, right: Right) -> bool:
        """Say whether the actor has the right."""
        return right in self.rights


OPERATOR: Final = Actor(None, RIGHTS)
"""Whoever holds the machine: the command line, and the app without sign-in on one PC."""


def add_up(roles: Iterable[Role]) -> frozenset[Right]:
    """Return the rights of somebody with `roles`; none for no role."""
    return frozenset(right for role in roles for right in GRANTED[role])


def list_rights_to_write(records: Iterable[Record], *, from_file: bool) -> frozenset[Right]:
    """Return the rights that writing `records` demands; none for no record by hand."""
    wanted: set[Right] = {_find_right(record) for record in records}
    if from_file:
        wanted.add("load")
        wanted.discard("record")  # who may load a file need not be who records by hand
    return frozenset(wanted)


def _find_right(record: Record) -> Right:
    kinds = {record.kind}
    if isinstance(record, RelationshipRecord):
        kinds |= {record.start[0], record.end[0]}
    if kinds & _CLIENT_LABELS:
        return "record_clients"
    return "hold_meeting" if record.kind in _BY_MEETING else "record"
