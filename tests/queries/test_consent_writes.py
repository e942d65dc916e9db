"""Nobody is told of a client without a ground: the door itself refuses, and keeps the record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import neo4j
import pytest

import queries
from access.journal import Journal
from graph.engine.server import Connection
from graph.records import Record
from graph.rights import Actor, Role, add_up
from graph.store import Conflict, Load, NoConsent, Refused, Store
from loaders.consent_forms import (
    Ground,
    read_consent_form,
    read_provision_form,
    withdraw_consents,
)
from loaders.forms import Entry, make_load
from loaders.loading import check_file, load_file
from loaders.referral_forms import read_referral_form
from tests.builders import (
    FACILITY,
    agencies,
    consent,
    count_nodes,
    node,
    partner_list,
    referral,
    workbook,
    write,
)

TODAY: Final = date(2022, 10, 14)
LABELS: Final = {"client_id": "仮名ID", "notified_on": "通知日", "receiver": "紹介先"}
REASON: Final = "救急搬送のため"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("queries", "graph.store.provisions", "loaders.loading"):
        monkeypatch.setattr(f"{name}.read_today", lambda: TODAY)


@pytest.fixture
def home(store: Store) -> Store:
    write(store, agencies(FACILITY, "prison", "clinic"), node("Client", "k"),
          partner_list("list", "2022-01-01", "clinic"))  # fmt: skip
    return store


def open_as(store: Store, *roles: Role) -> Store:
    return store.acting_as(Actor("somebody", add_up(roles)))


def send(ground: Ground | None, *, opening: str = "o", to: str = "clinic") -> Entry:
    sender = FACILITY if to == "clinic" else "prison"
    return read_referral_form(
        {"client_id": "k", "notified_on": "2022-10-10", "status": "pending"}, LABELS,
        opening=opening, sender_id=sender, receiver_id=to, ground=ground,
        is_incoming=to == FACILITY,
    )  # fmt: skip


def save(store: Store, entry: Entry, opening: str = "o") -> None:
    assert entry.problems == ()
    store.write(entry.records, make_load(opening, entry), expected=entry.expected)


def count_told(raw: neo4j.Driver) -> tuple[int, int]:
    return count_nodes(raw, "Referral"), count_nodes(raw, "Provision")


def test_a_page_that_forgets_cannot_send_without_consent(home: Store, raw: neo4j.Driver) -> None:
    forgetful: list[Record] = [
        record
        for record in referral("r", FACILITY, "clinic", client="k", allowed=False)
        if record.kind != "Client"
    ]
    for store in (home, open_as(home, "coordinator")):
        with pytest.raises(NoConsent):
            store.write(forgetful, Load("forgetful"))
    assert count_told(raw) == (0, 0)
    assert home.find_load("forgetful") is None


@pytest.mark.parametrize(
    ("given", "stands"),
    [
        ({"since": date(2022, 10, 10)}, True),
        ({"since": date(2022, 1, 1), "until": TODAY}, True),
        ({"since": date(2022, 10, 11)}, False),  # told the day before it began
        ({"since": date(2022, 1, 1), "until": date(2022, 10, 13)}, False),
        ({"since": date(2022, 1, 1), "withdrawn_on": TODAY}, False),
        ({"since": date(2022, 1, 1), "purpose": "meeting"}, False),
    ],
)
def test_only_a_consent_that_stands_is_a_ground(
    home: Store, raw: neo4j.Driver, given: dict[str, object], stands: bool
) -> None:
    write(home, consent("k", "clinic", "c", **given))  # type: ignore[arg-type]
    entry = send(Ground(("needs",), "c"))
    if stands:
        save(open_as(home, "coordinator"), entry)
        save(open_as(home, "coordinator"), entry)  # a double click
        assert count_told(raw) == (1, 1)
        (told,) = queries.ask(home, "client_provisions", client_id="k")
        assert (told["agency"], told["provided_on"], told["items"], told["basis"]) == (
            "clinic", date(2022, 10, 10), ["needs"], "consent",
        )  # fmt: skip
    else:
        with pytest.raises(NoConsent):
            save(open_as(home, "coordinator"), entry)
        assert count_told(raw) == (0, 0)


def test_a_consent_of_somebody_else_or_for_another_agency_is_no_ground(home: Store) -> None:
    write(home, node("Client", "other"), consent("other", "clinic", "theirs"),
          consent("k", "prison", "elsewhere"))  # fmt: skip
    for key in ("theirs", "elsewhere", "nowhere"):
        with pytest.raises(Exception) as refused:
            save(home, send(Ground(("needs",), key)))
        assert type(refused.value) is NoConsent


def test_a_reason_is_a_ground_for_who_may_override(
    home: Store, raw: neo4j.Driver, tmp_path: Path
) -> None:
    entry = send(Ground(("needs",), reason=f"k を{REASON}"))
    with pytest.raises(Refused):
        save(open_as(home, "coordinator"), entry)
    with pytest.raises(NoConsent):
        save(home, _drop_reason(entry))
    assert count_told(raw) == (0, 0)
    journal = Journal(tmp_path)

    def note(action: str, subject: str, client: str | None) -> None:
        about = f" {journal.disguise(client)}" if client else ""
        journal.record("somebody", action, subject + about)  # type: ignore[arg-type]

    rights = add_up(["coordinator", "administrator"])
    save(home.acting_as(Actor("somebody", rights, note)), entry)
    assert count_told(raw) == (1, 1)
    (line,) = [each for each in journal.read() if each.action == "override"]
    assert line.subject == f"referral: ●●● を{REASON} {journal.disguise('k')}"


def _drop_reason(entry: Entry) -> Entry:
    bare = [
        node("Provision", record.identity, **{**record.properties, "reason": " "})
        if record.kind == "Provision"
        else record
        for record in entry.records
    ]
    return Entry(tuple(bare), entry.expected)


def test_a_write_that_fails_leaves_neither(home: Store, raw: neo4j.Driver) -> None:
    write(home, consent("k", "clinic", "c"))
    entry = send(Ground(("needs",), "c"))
    save(home, entry)
    again = send(Ground(("health",), "c"))
    with pytest.raises(Conflict):  # the same form, other words: somebody else was first
        save(home, Entry(again.records, again.expected), "another load")
    assert count_told(raw) == (1, 1)
    assert queries.ask(home, "client_provisions", client_id="k")[0]["items"] == ["needs"]


def test_a_client_who_comes_in_needs_no_consent(home: Store, raw: neo4j.Driver) -> None:
    save(open_as(home, "coordinator"), send(None, to=FACILITY))
    assert count_told(raw) == (1, 0)


def test_what_is_told_beside_referrals_needs_a_ground_too(home: Store) -> None:
    def tell(ground: Ground) -> Entry:
        cells = {"client_id": "k", "purpose": "meeting", "notified_on": "2022-10-14"}
        return read_provision_form(
            cells, LABELS, opening="p", organization_id="clinic", ground=ground
        )

    write(home, consent("k", "clinic", "c"))
    with pytest.raises(NoConsent):
        save(home, tell(Ground(("health",), "c")))
    write(home, consent("k", "clinic", "m", purpose="meeting"))
    save(home, tell(Ground(("health",), "m")))
    (told,) = queries.ask(home, "client_provisions", client_id="k")
    assert (told["purpose"], told["items"]) == ("meeting", ["health"])


@pytest.fixture
def neighbour(database: Connection) -> Iterator[Store]:
    """Another process at the same database."""
    with Store.at(database) as store:
        yield store


def test_a_withdrawal_hides_at_once_from_everybody(home: Store, neighbour: Store) -> None:
    write(home, referral("r", FACILITY, "clinic", client="k", allowed=False))

    def around() -> list[str]:
        rows = queries.ask(neighbour, "ecomap_of_client", client_id="k", as_of="2022-10-14")
        return [row["organization_id"] for row in rows]

    assert around() == [FACILITY]
    cells = {"client_id": "k", "purpose": "referral", "since": "2022-10-01", "manner": "writing"}
    form = read_consent_form(cells, {}, opening="c", organization_ids=["clinic", "prison"])
    save(open_as(home, "coordinator"), form, "c")
    assert around() == ["clinic", FACILITY]
    rows = queries.ask(home, "consents", client_id="k")
    assert [row["agency"] for row in rows] == ["clinic", "prison"]
    taken_back, _ = withdraw_consents(rows[:1], TODAY)
    save(open_as(home, "coordinator"), taken_back, "w")
    assert around() == [FACILITY]
    with pytest.raises(NoConsent):
        save(home, send(Ground(("needs",), rows[0]["consent_id"])))
    with pytest.raises(Conflict):  # taken back twice: the first day stays
        save(home, withdraw_consents(rows[:1], date(2022, 10, 15))[0], "w2")


HEADER: Final = ("仮名ID", "機関", "目的", "開始日", "終了日", "撤回日")


def test_a_file_is_not_refused_and_says_how_many_have_no_consent(
    reference_store: Store,
) -> None:
    sent: list[Sequence[object]] = [("年度", "番号", "仮名ID", "案件通報者", "紹介先")]
    sent += [("2020", number, f"c-{number}", "刑務所", "診療所") for number in (1, 2, 3)]
    given = [("c-1", "診療所", "紹介", "2020-01-01", None, None),
             ("c-2", "診療所", "紹介", "2020-01-01", None, "2020-02-01")]  # fmt: skip
    book: dict[str, Sequence[Sequence[object]]] = {
        "機関": [("名称", "分野"), ("刑務所", "司法"), ("診療所", "医療")],
        "紹介": sent,
        "同意": [HEADER, *given],
    }
    outcome = load_file(reference_store, "f.xlsx", workbook(**book))
    assert outcome.problems == ()
    assert [(n.code, dict(n.values)) for n in outcome.notices] == [
        ("rows.unconsented", {"count": "2"})
    ]
    # What was taken back on the screen is not brought back by the file it came from.
    row = next(r for r in queries.ask(reference_store, "consents") if r["case_id"] == "c-1")
    save(reference_store, withdraw_consents([row], TODAY)[0], "w")
    book["備考"] = [("x",)]
    again = load_file(reference_store, "f.xlsx", workbook(**book))
    said = {notice.code: dict(notice.values) for notice in again.notices}
    assert said["rows.unconsented"] == {"count": "3"}


def test_wrong_consents_are_named_by_their_row(reference_store: Store) -> None:
    rows = [
        ("c-1", "診療所", "紹介", "2020-01-01", None, None),
        ("c-2", "どこか", "紹介", "2020-01-01", None, None),
        ("c-3", "診療所", "宣伝", "2020-01-01", None, None),
        ("c-4", "診療所", "紹介", "2020年1月", None, None),
        ("c-5", "診療所", "紹介", "2020-01-01", "2019-12-31", None),
        ("c-6", "診療所", "紹介", None, None, None),
        ("山田太郎", "診療所", "紹介", "2020-01-01", None, None),
    ]  # fmt: skip
    book = workbook(機関=[("名称", "分野"), ("診療所", "医療")], 同意=[HEADER, *rows])
    problems = check_file(reference_store, "f.xlsx", book).problems
    assert [(p.sheet, p.row, p.column, p.code) for p in problems] == [
        ("同意", 3, "機関", "rows.unknown_organization"),
        ("同意", 4, "目的", "rows.not_in_vocabulary"),
        ("同意", 5, "開始日", "rows.not_a_day"),
        ("同意", 6, "終了日", "rows.dates_reversed"),
        ("同意", 7, "開始日", "rows.required"),
        ("同意", 8, "仮名ID", "rows.not_a_pseudonym"),
    ]
    assert "山田" not in str(problems)
