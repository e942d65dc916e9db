"""Consent decides what is told of a client: role × state of consent × question, with a fake clock.

Every client of the matrix has the same story: `prison` sent it to the facility, the facility sent
it on to `clinic`, and `clinic` to `shelter`. They differ in what they consented to for `clinic`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

import pytest

import queries
from graph.records import Record
from graph.rights import GRANTED, OPERATOR, ROLES, Actor, Note, Role, Unrecorded, add_up
from graph.store import NotRecorded, Refused, Row, Store
from queries import BadParameter
from tests.builders import (
    FACILITY,
    agencies,
    area,
    consent,
    day,
    event,
    link,
    node,
    partner_list,
    place,
    referral,
    write,
)

TODAY: Final = date(2022, 10, 14)
DAY: Final = timedelta(1)
STATES: Final[dict[str, tuple[dict[str, object], bool]]] = {
    "absent": ({}, False),
    "coming": ({"since": TODAY + DAY}, False),
    "first-day": ({"since": TODAY}, True),
    "standing": ({"since": date(2022, 1, 1)}, True),
    "last-day": ({"since": date(2022, 1, 1), "until": TODAY}, True),
    "ended": ({"since": date(2022, 1, 1), "until": TODAY - DAY}, False),
    "withdrawn": ({"since": date(2022, 1, 1), "withdrawn_on": TODAY}, False),
    "withdrawn-later": ({"since": date(2022, 1, 1), "withdrawn_on": TODAY + DAY}, False),
    "other-purpose": ({"since": date(2022, 1, 1), "purpose": "meeting"}, False),
    "other-agency": ({"since": date(2022, 1, 1), "agency": "prison"}, False),
}
"""Name of the client → its consent for `clinic`, and whether `clinic` may be told of."""
REASON: Final = "救急搬送のため"


def tell_story(client: str) -> list[Record]:
    return [
        *referral(f"{client}-1", "prison", FACILITY, client=client, allowed=False,
                  notified_on=day("2022-02-01")),
        *referral(f"{client}-2", FACILITY, "clinic", client=client, status="referred_on",
                  follows=f"{client}-1", notified_on=day("2022-03-01"), reason="理由",
                  allowed=False),
        *referral(f"{client}-3", "clinic", "shelter", client=client, status="pending",
                  follows=f"{client}-2", notified_on=day("2022-04-01")),
        place("SETTLES_IN", f"{client}-2", "town"),
        *event("meeting", "2022-05-01", "clinic", f"Client {client}", text="ことば"),
    ]  # fmt: skip


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("queries.read_today", lambda: TODAY)


@pytest.fixture
def told(store: Store) -> Store:
    _answers.clear()
    records: list[Record] = [
        *agencies(FACILITY, "prison", "clinic", "shelter"),
        *area("town"),
        *partner_list("list", "2022-01-01", "clinic"),
    ]
    for client, (given, _) in STATES.items():
        records += tell_story(client)
        if given:
            about = dict(given)
            agency = str(about.pop("agency", "clinic"))
            records += consent(client, agency, f"{client}-c", **about)  # type: ignore[arg-type]
    write(store, records)
    return store


def open_as(store: Store, *roles: Role, note: Note = lambda *_: None) -> Store:
    return store.acting_as(Actor("somebody", add_up(roles), note))


_answers: dict[tuple[object, ...], list[Row]] = {}


def ask_once(store: Store, name: str, **more: object) -> list[Row]:
    """Ask a question about all clients once, not once for each of them."""
    key = (store.actor, name, *sorted(more.items()))
    if key not in _answers:
        _answers[key] = queries.ask(store, name, **more)
    return _answers[key]


def see_path(store: Store, client: str, **more: object) -> bool:
    rows = ask_once(store, "recorded_paths", **more)
    (row,) = [row for row in rows if row["case_id"] == client]
    seen = "clinic" in row["agencies"]
    assert ("clinic" in row["organization_ids"]) is seen
    assert row["withheld"] == (0 if seen else 1)
    assert row["agencies"] == ["prison", FACILITY, "clinic" if seen else "", "shelter"]
    assert row["statuses"] == ["accepted", "referred_on" if seen else "", "pending"]
    return seen


def see_ecomap(store: Store, client: str, **more: object) -> bool:
    rows = queries.ask(store, "ecomap_of_client", client_id=client, **more)
    ids = {row["organization_id"] for row in rows}
    assert ids - {"clinic"} == {"prison", FACILITY, "shelter"}
    return "clinic" in ids


def see_count(store: Store, client: str, **more: object) -> bool:
    rows = ask_once(store, "ecomap_clients", **more)
    (row,) = [row for row in rows if row["case_id"] == client]
    assert row["agencies"] + row["withheld"] == 4
    return bool(row["withheld"] == 0)


def see_progress(store: Store, client: str, **more: object) -> bool:
    rows = ask_once(store, "referral_progress", **more)
    mine = {row["referral_id"]: row for row in rows if row["case_id"] == client}
    assert not mine[f"{client}-1"]["withheld"]
    row = mine[f"{client}-2"]
    if row["withheld"]:
        shown = {name for name, value in row.items() if value is not None}
        assert shown == {"referral_id", "case_id", "withheld"}
    assert mine[f"{client}-3"]["withheld"] is row["withheld"]  # the clinic sent it on
    return bool(row["receiver"] == "clinic")


def see_destination(store: Store, client: str, **more: object) -> bool:
    rows = ask_once(store, "client_destinations", **more)
    return client in {row["case_id"] for row in rows}


def see_name(store: Store, client: str, **more: object) -> bool:
    rows = queries.ask(store, "client_agencies", client_id=client, **more)
    names = {row["organization_id"]: row["name"] for row in rows}
    assert set(names) == {"clinic", "shelter"}
    return bool(names["clinic"] == "clinic")


SEEING: Final[dict[str, Callable[..., bool]]] = {
    "recorded_paths": see_path,
    "ecomap_of_client": see_ecomap,
    "ecomap_clients": see_count,
    "referral_progress": see_progress,
    "client_destinations": see_destination,
    "client_agencies": see_name,
}


def test_consent_decides_in_every_cell(told: Store) -> None:
    """Role × consent × question × with and without overriding."""
    combined: tuple[Role, ...] = ("coordinator", "administrator")
    cells = 0
    for roles in (*((role,) for role in ROLES), combined):
        rights = add_up(roles)
        store = open_as(told, *roles)
        for client, (_, allowed) in STATES.items():
            for see in SEEING.values():
                cells += 2
                override = {"override": client, "reason": REASON}
                if "see_clients" not in rights:
                    for more in ({}, override):
                        with pytest.raises(Refused):
                            see(store, client, **more)
                    continue
                assert see(store, client) is allowed
                if "override_consent" not in rights:
                    with pytest.raises(Refused):
                        see(store, client, **override)
                    continue
                assert see(store, client, **override)
    assert cells == (len(ROLES) + 1) * len(STATES) * len(SEEING) * 2


def test_a_past_day_shows_no_more(told: Store) -> None:
    assert not see_ecomap(open_as(told, "coordinator"), "withdrawn", as_of="2022-06-01")
    assert see_ecomap(open_as(told, "coordinator"), "standing", as_of="2022-06-01")


def test_what_is_told_of_a_client_tells_nothing_of_another(told: Store) -> None:
    store = open_as(told, "coordinator", "administrator")
    assert not see_path(store, "absent", override="ended", reason=REASON)


def test_the_day_of_consents_is_nobodys_to_choose(told: Store) -> None:
    with pytest.raises(BadParameter) as refused:
        queries.ask(told, "recorded_paths", today="2022-01-01")
    assert refused.value.code == "queries.unknown"


@pytest.mark.parametrize("reason", ["", " 　\n"])
def test_without_a_reason_nothing_is_overridden(told: Store, reason: str) -> None:
    noted: list[tuple[str, ...]] = []
    store = told.acting_as(Actor("a", OPERATOR.rights, lambda *line: noted.append(line)))
    with pytest.raises(BadParameter) as refused:
        queries.ask(store, "recorded_paths", override="absent", reason=reason)
    assert refused.value.code == "queries.no_reason"
    assert [line for line in noted if line[0] == "override"] == []


def test_overriding_is_on_record_before_it_is_answered(told: Store) -> None:
    noted: list[tuple[str, str, str | None]] = []
    store = told.acting_as(Actor("a", OPERATOR.rights, lambda *line: noted.append(line)))
    queries.ask(store, "recorded_paths", override="absent", reason=f"absent の{REASON}")
    assert ("override", f"recorded_paths: ●●● の{REASON}", "absent") in noted

    def fail(action: str, _subject: str, _client: str | None) -> None:
        if action == "override":
            raise Unrecorded

    with pytest.raises(NotRecorded):
        see_path(told.acting_as(Actor("a", OPERATOR.rights, fail)), "absent", override="absent",
                 reason=REASON)  # fmt: skip


def test_counts_stay_right_whatever_is_withheld(told: Store) -> None:
    planner = open_as(told, "planner")
    chains = queries.ask(planner, "referral_chains")
    assert [row["agencies"] for row in chains] == [["prison", FACILITY, "clinic", "shelter"]] * len(
        STATES
    )
    assert all("case_id" not in row and row["destination"] is None for row in chains)
    outcomes = queries.ask(planner, "referral_outcomes")
    by_receiver = [row["receiver"] for row in outcomes]
    assert by_receiver.count("clinic") == len(STATES)
    assert all(row["reason"] is None for row in outcomes)
    reasons = [row["reason"] for row in queries.ask(open_as(told, "coordinator"),
                                                    "referral_outcomes")]  # fmt: skip
    assert reasons.count("理由") == sum(allowed for _, allowed in STATES.values())


def test_words_of_an_event_are_told_with_consent_only(told: Store) -> None:
    def read(name: str, **more: object) -> list[Row]:
        asked = {"organization_id": "clinic", **more}
        return queries.ask(open_as(told, "coordinator"), name, **asked)

    history = read("agency_history")
    assert len(history) == len(STATES)
    allowed = sum(allowed for _, allowed in STATES.values())
    assert [row["text"] for row in history].count("ことば") == allowed
    assert sum(not row["withheld"] for row in history) == allowed
    assert len(read("record_events", since="2022-01-01")) == allowed


def test_two_agencies_knew_already(store: Store) -> None:
    """The facility, and who sent the client to it first, until it is sent the client back."""
    write(
        store,
        agencies(FACILITY, "prefecture", "other", "prison"),
        partner_list("list", "2022-01-01", "other"),
        referral("1", "prison", "prefecture", client="k", allowed=False,
                 notified_on=day("2022-02-01")),
        referral("2", "prefecture", FACILITY, client="k", follows="1", allowed=False,
                 notified_on=day("2022-02-02")),
        referral("3", "other", FACILITY, client="k", allowed=False, notified_on=day("2022-02-03")),
        event("meeting", "2022-03-01", "other", "prison", "Client k"),
    )  # fmt: skip

    def around(**more: object) -> set[str]:
        asked = {"client_id": "k", **more}
        rows = queries.ask(store, "ecomap_of_client", **asked)
        return {row["organization_id"] for row in rows}

    assert around() == {FACILITY, "prefecture"}
    assert around(facility_id="other") == {"other"}  # to it nobody sent the client
    write(store, referral("4", FACILITY, "prefecture", client="k", allowed=False))
    assert around() == {FACILITY}


def test_consents_and_what_was_told_are_listed(told: Store) -> None:
    rows = queries.ask(told, "consents", client_id="withdrawn")
    assert [(r["agency"], r["purpose"], r["withdrawn_on"]) for r in rows] == [
        ("clinic", "referral", TODAY), ("shelter", "referral", None),
    ]  # fmt: skip
    assert len(queries.ask(told, "consents")) == 2 * len(STATES) - 1
    write(
        told,
        node("Provision", "p", provided_on=TODAY, purpose="meeting", items="needs health",
             basis="override", reason="理由", recorded_by="担当"),
        link("TOLD", "Provision p", "Organization clinic"),
        link("ABOUT", "Provision p", "Client absent"),
    )  # fmt: skip
    (row,) = queries.ask(told, "client_provisions", client_id="absent")
    assert (row["agency"], row["items"], row["basis"]) == (
        "clinic",
        ["needs", "health"],
        "override",
    )
    assert queries.ask(told, "client_provisions", client_id="ended") == []


def test_every_role_is_in_the_matrix() -> None:
    assert set(ROLES) == set(GRANTED)
