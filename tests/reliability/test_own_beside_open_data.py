"""One's own list after open data: what it leaves unsaid stays, who is known is not made twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import neo4j

from graph.store import Load, Store
from loaders.loading import Outcome, check_file, load_file
from loaders.open_data.loading import EditionChoice
from tests.builders import hash_graph, workbook
from tests.open_data_files import office, wamnet
from texts import say

SPRING, AUTUMN = date(2025, 3, 1), date(2025, 9, 1)
EXACT = {"latitude": "35.7900", "longitude": "139.9100"}
HEADER = ["名称", "分野", "市区町村", "電話番号", "事業所番号"]


def load_open_data(store: Store, edition: date = SPRING, **changes: str) -> None:
    data = wamnet([office(**EXACT, **changes)])
    assert not load_file(store, "a.csv", data, choice=EditionChoice(edition)).problems


def load_own(store: Store, *rows: Sequence[str], **more: Any) -> Outcome:
    outcome = load_file(store, "名簿.xlsx", workbook(機関=[HEADER, *map(list, rows)]), **more)
    assert not outcome.problems
    return outcome


def read_agencies(raw: neo4j.Driver) -> list[dict[str, Any]]:
    rows = raw.execute_query("MATCH (o:Organization) RETURN properties(o) AS p ORDER BY o.name")
    return [row["p"] for row in rows.records]


def tell(outcome: Outcome, code: str) -> list[str]:
    found = [one for one in outcome.notices if one.code == code]
    return [say(one.code, "ja", **dict(one.values)) for one in found]


def test_a_list_without_telephones_and_addresses_takes_none_away(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    load_open_data(reference_store, phone="047-365-1111")
    before = read_agencies(raw)[0]
    outcome = load_own(reference_store, ("うちの呼び名", "福祉", "松戸市", "", "1210000001"))
    after = read_agencies(raw)[0]
    kept = ("phone", "address", "location", "location_accuracy")
    assert [after[name] for name in kept] == [before[name] for name in kept]
    assert (after["name"], after["location_accuracy"]) == ("うちの呼び名", "exact")
    assert "1か所（1 機関）" in tell(outcome, "rows.kept_listed")[0]


def test_what_stayed_is_still_renewed_by_the_next_edition(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    load_open_data(reference_store, phone="047-365-1111")
    load_own(reference_store, ("まつどの家", "福祉", "松戸市", "", "1210000001"))
    load_open_data(reference_store, AUTUMN, phone="047-365-2222")
    assert read_agencies(raw)[0]["phone"] == "047-365-2222"
    load_own(reference_store, ("まつどの家", "福祉", "松戸市", "047-365-3333", "1210000001"))
    load_own(reference_store, ("まつどの家", "福祉", "松戸市", "", "1210000001"))
    assert "phone" not in read_agencies(raw)[0]  # one's own number: the blank cell empties it
    load_open_data(reference_store, date(2026, 3, 1), phone="047-365-2222")
    assert read_agencies(raw)[0]["phone"] == "047-365-2222"


def test_who_may_be_known_is_told_before_the_load_with_what_to_write(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    load_open_data(reference_store, phone="047-365-1111")
    known = read_agencies(raw)[0]["organization_id"]
    rows = [HEADER, ["まつどのいえ", "福祉", "松戸市", "047-365-1111", ""]]
    checked = check_file(reference_store, "名簿.xlsx", workbook(機関=rows))
    (alike,) = checked.alike
    assert (alike.known_id, alike.reason) == (known, "phone")
    assert (alike.source.sheet, alike.source.row) == ("機関", 2)
    assert tell(checked, "rows.alike") == [
        f"「まつどのいえ」は、すでにある「まつどの家」かもしれません。"
        f"同じ機関なら、機関IDの列に {known} と書いてください。"
    ]
    elsewhere = [HEADER, ["まつどのいえ", "福祉", "柏市", "047-365-1111", ""]]
    assert check_file(reference_store, "名簿.xlsx", workbook(機関=elsewhere)).alike == ()


def test_one_that_is_said_to_be_known_is_written_there_once_and_for_all_and_undone(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    load_open_data(reference_store, phone="047-365-1111")
    before = hash_graph(raw)
    known = read_agencies(raw)[0]["organization_id"]
    row = ("まつどのいえ", "福祉", "松戸市", "047-365-1111", "")
    rows = [HEADER, list(row)]
    (alike,) = check_file(reference_store, "名簿.xlsx", workbook(機関=rows)).alike
    loaded = load_own(reference_store, row, same={alike.brought_id: known})
    assert loaded.report is not None
    assert [one["name"] for one in read_agencies(raw)] == ["まつどのいえ"]
    again = load_own(reference_store, row)
    assert again.alike == ()
    assert again.report is not None
    assert (again.report.created, again.report.changed) == (0, 0)
    reference_store.undo(loaded.report.load_id, Load("undo-1", "名簿.xlsx"))
    assert hash_graph(raw) == before


def test_two_rows_of_one_file_are_two_agencies(reference_store: Store) -> None:
    load_open_data(reference_store)
    outcome = load_own(
        reference_store,
        ("まつどの家", "福祉", "松戸市", "", "1210000001"),
        ("まつどの家 二号館", "福祉", "松戸市", "", ""),
    )
    assert outcome.alike == ()
