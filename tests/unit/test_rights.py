"""The table of roles, and which right each kind of write demands."""

import pytest

from graph.records import NodeRecord, Record, RelationshipRecord, Source
from graph.rights import GRANTED, OPERATOR, RIGHTS, ROLES, Right, Role, add_up, list_rights_to_write

SOURCE = Source("form")

# Written out a second time on purpose: a change of the table must be made twice, knowingly.
SEEN_BY = {
    "see_network": {"viewer", "meeting", "coordinator", "planner", "administrator"},
    "see_people": {"coordinator", "planner"},
    "see_levels": {"coordinator", "planner"},
    "see_statistics": {"coordinator", "planner"},
    "see_clients": {"coordinator"},
    "plan": {"planner"},
    "hold_meeting": {"meeting", "coordinator", "planner"},
    "record": {"coordinator", "planner"},
    "record_clients": {"coordinator"},
    "load": {"planner", "administrator"},
    "export": {"coordinator", "planner", "administrator"},
    "override_consent": {"administrator"},
    "administer": {"administrator"},
}


@pytest.mark.parametrize("right", sorted(RIGHTS))
@pytest.mark.parametrize("role", ROLES)
def test_each_role_has_the_rights_of_the_table(role: Role, right: Right) -> None:
    assert (right in GRANTED[role]) is (role in SEEN_BY[right])


def test_roles_add_up_and_no_role_is_no_right() -> None:
    assert add_up([]) == frozenset()
    assert add_up(["coordinator", "administrator"]) == (
        GRANTED["coordinator"] | GRANTED["administrator"]
    )
    assert add_up(ROLES) == OPERATOR.rights == RIGHTS


def link(kind: str, start: tuple[str, str], end: tuple[str, str]) -> Record:
    return RelationshipRecord(kind, start, end, {}, SOURCE)


AGENCY = ("Organization", "o1")


@pytest.mark.parametrize(
    ("record", "right"),
    [
        (NodeRecord("Organization", "o1", {"name": "甲"}, SOURCE), "record"),
        (NodeRecord("Event", "e1", {}, SOURCE), "record"),
        (NodeRecord("Task", "t1", {}, SOURCE), "hold_meeting"),
        (link("CONTACTS", ("Task", "t1"), AGENCY), "hold_meeting"),
        (NodeRecord("Minutes", "m1", {}, SOURCE), "hold_meeting"),
        (link("DECIDED", ("Minutes", "m1"), ("Task", "t1")), "hold_meeting"),
        (NodeRecord("SavedView", "v1", {}, SOURCE), "hold_meeting"),
        (link("OF", ("SavedView", "v1"), AGENCY), "hold_meeting"),
        (link("CONCERNS", ("Event", "e1"), AGENCY), "record"),
        (link("CONCERNS", ("Event", "e1"), ("Client", "c1")), "record_clients"),
        (NodeRecord("Client", "c1", {}, SOURCE), "record_clients"),
        (link("SENT", AGENCY, ("Referral", "r1")), "record_clients"),
        (link("ALLOWS", ("Consent", "k1"), AGENCY), "record_clients"),
        (link("TOLD", ("Provision", "p1"), AGENCY), "record_clients"),
    ],
)
def test_what_a_record_is_about_decides_the_right_to_write_it(record: Record, right: str) -> None:
    assert list_rights_to_write([record], from_file=False) == {right}


def test_a_file_demands_the_right_to_load_and_that_of_the_clients_in_it() -> None:
    agency = NodeRecord("Organization", "o1", {"name": "甲"}, SOURCE)
    client = NodeRecord("Client", "c1", {}, SOURCE)
    assert list_rights_to_write([agency], from_file=True) == {"load"}
    assert list_rights_to_write([agency, client], from_file=True) == {"load", "record_clients"}
