"""Open data to the graph: editions, agencies already known, doubt, and files larger than memory."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import neo4j
import pytest

from graph.records import Record
from graph.store import Load, Store, Unavailable, WriteReport
from loaders.loading import Outcome, check_file, load_file, read_path
from loaders.open_data import loading as open_data_loading
from loaders.open_data.loading import EditionChoice
from tests.builders import count_nodes, hash_graph, link, workbook, write
from tests.open_data_files import HSDS, hsds_zip, office, offices, wamnet
from texts import say

SPRING, AUTUMN = date(2025, 3, 1), date(2025, 9, 1)
FILE = "csvdownload045.csv"


def load(
    store: Store, data: bytes, edition: date | None = SPRING, file: str = FILE, **more: Any
) -> Outcome:
    return load_file(store, file, data, choice=EditionChoice(edition, **more))


def loaded(outcome: Outcome) -> tuple[int, int]:
    assert outcome.problems == ()
    assert outcome.report is not None
    return outcome.report.created, outcome.report.changed


def refused(outcome: Outcome) -> list[str]:
    assert outcome.report is None
    return [problem.code for problem in outcome.problems]


def read_agencies(raw: neo4j.Driver) -> dict[str, dict[str, Any]]:
    rows = raw.execute_query("MATCH (o:Organization) RETURN o.name AS name, properties(o) AS p")
    return {row["name"]: row["p"] for row in rows.records}


def test_an_office_becomes_an_agency_that_stands_somewhere_and_offers_help(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    outcome = load(reference_store, wamnet([office()]))
    assert loaded(outcome) == (5, 0)  # agency, listing and what joins them, place, support
    agency = read_agencies(raw)["まつどの家"]
    assert (agency["field"], agency["agency_type"], agency["municipality"]) == (
        "welfare", "就労継続支援Ａ型", "12207",
    )  # fmt: skip
    links = raw.execute_query(
        "MATCH (:Organization)-[r]->(x) RETURN type(r) AS type, r.as_written AS words ORDER BY type"
    ).records
    # Where it stands does not prove whom it serves: no SERVES.
    assert [(row["type"], row["words"]) for row in links] == [
        ("LOCATED_IN", None), ("OFFERS", "就労継続支援Ａ型"),
    ]  # fmt: skip


def test_one_office_with_several_services_is_one_agency_and_loading_again_changes_nothing(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    second = office(service="就労移行支援", phone="047-999-9999", name="まつどの家 移行")
    for _ in range(2):
        load(reference_store, wamnet([office()]))
        load(reference_store, wamnet([second]), file="csvdownload060.csv")
    before = hash_graph(raw)
    load(reference_store, wamnet([office()]))
    load(reference_store, wamnet([second]), file="csvdownload060.csv")
    assert hash_graph(raw) == before
    assert count_nodes(raw, "Listing") == 2
    agencies = read_agencies(raw)
    assert list(agencies) == ["まつどの家"]
    assert agencies["まつどの家"]["phone"] == "0473651111"  # the first row's stands
    words = raw.execute_query("MATCH ()-[r:OFFERS]->() RETURN r.as_written AS w").records
    assert [row["w"] for row in words] == ["就労継続支援Ａ型、就労移行支援"]


def test_a_newer_edition_corrects_and_marks_what_vanished(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    load(reference_store, wamnet(offices(4)))
    rows = offices(3)
    rows[0]["事業所電話番号"] = "047-300-0000"
    outcome = load(reference_store, wamnet(rows), AUTUMN)
    assert outcome.open_data is not None
    assert outcome.open_data.vanished == 1
    agencies = read_agencies(raw)
    assert agencies["事業所1"]["phone"] == "047-300-0000"
    assert {name: one.get("status") for name, one in agencies.items()} == {
        "事業所1": None, "事業所2": None, "事業所3": None, "事業所4": "to_be_checked",
    }  # fmt: skip
    load(reference_store, wamnet(offices(4)), date(2026, 3, 1))
    assert read_agencies(raw)["事業所4"]["status"] == "active"  # it came back


def test_an_agency_that_another_service_still_lists_is_not_marked(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    load(reference_store, wamnet(offices(3)))
    load(reference_store, wamnet(offices(3, service="就労移行支援")), file="b.csv")
    load(reference_store, wamnet(offices(2)), AUTUMN)
    assert "status" not in read_agencies(raw)["事業所3"]
    load(reference_store, wamnet(offices(2, service="就労移行支援")), AUTUMN, file="b.csv")
    assert read_agencies(raw)["事業所3"]["status"] == "to_be_checked"


def test_what_a_person_corrected_survives_the_next_edition(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    load(reference_store, wamnet([office()]))
    own = [["名称", "事業所番号", "電話番号"], ["まつどの家", "1210000001", "047-111-1111"]]
    assert not load_file(reference_store, "家.xlsx", workbook(機関=own)).problems
    load(reference_store, wamnet([office(phone="047-222-2222", capacity="30")]), AUTUMN)
    agency = read_agencies(raw)["まつどの家"]
    assert (agency["phone"], agency["capacity"]) == ("047-111-1111", 30)


def test_an_agency_already_known_by_name_and_town_gets_its_empty_facts_filled(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    own = [
        ["機関ID", "名称", "住所", "電話番号"],
        ["our-1", "まつどの家", "松戸市根本1", ""],
    ]
    own[1][3] = "047-365-9999"
    assert not load_file(reference_store, "家.xlsx", workbook(機関=own)).problems
    outcome = load(reference_store, wamnet([office()]))
    assert outcome.open_data is not None
    assert outcome.open_data.doubtful == 0
    agency = read_agencies(raw)["まつどの家"]
    assert agency["organization_id"] == "our-1"
    assert (agency["phone"], agency["office_number"]) == ("047-365-9999", "1210000001")
    assert count_nodes(raw, "Organization") == 1


def test_a_doubtful_office_waits_and_makes_no_agency(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    own = [["機関ID", "名称", "市区町村"], ["our-1", "社会福祉法人 まつどの家", "松戸市"]]
    load_file(reference_store, "家.xlsx", workbook(機関=own))
    outcome = load(reference_store, wamnet([office()]))
    assert outcome.open_data is not None
    assert outcome.open_data.doubtful == 1
    assert list(read_agencies(raw)) == ["社会福祉法人 まつどの家"]
    row = raw.execute_query(
        "MATCH (:Listing)-[r:MAY_DESCRIBE]->(o) RETURN r.reason AS why, o.organization_id AS id"
    ).records[0]
    assert (row["why"], row["id"]) == ("similar", "our-1")


@pytest.mark.parametrize(
    ("data", "edition", "code"),
    [
        (wamnet(offices(30)), date(2025, 2, 1), "open_data.edition_older"),
        (wamnet(offices(10)), AUTUMN, "open_data.edition_short"),
        (wamnet(offices(30)), None, "open_data.edition_missing"),
        (wamnet(offices(30))[:-40], AUTUMN, "open_data.broken_quotes"),
        (wamnet([]), AUTUMN, "open_data.no_rows"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_and_changes_nothing(
    reference_store: Store, raw: neo4j.Driver, data: bytes, edition: date | None, code: str
) -> None:
    load(reference_store, wamnet(offices(30)))
    before, loads = hash_graph(raw), count_nodes(raw, "Load")
    assert refused(load(reference_store, data, edition)) == [code]
    assert (hash_graph(raw), count_nodes(raw, "Load")) == (before, loads)


def test_a_person_may_insist_on_a_short_edition(reference_store: Store, raw: neo4j.Driver) -> None:
    load(reference_store, wamnet(offices(30)))
    outcome = load(reference_store, wamnet(offices(10)), AUTUMN, accept=True)
    assert loaded(outcome)[0] == 0
    checked = [one for one in read_agencies(raw).values() if one.get("status") == "to_be_checked"]
    assert len(checked) == 20


def test_a_small_series_that_falls_below_half_is_told_and_loaded(reference_store: Store) -> None:
    load(reference_store, wamnet(offices(9)))
    outcome = load(reference_store, wamnet(offices(4)), AUTUMN)
    assert outcome.report is not None
    assert [(one.code, dict(one.values)) for one in outcome.notices] == [
        ("open_data.edition_small", {"rows": "4", "before": "9"}),
    ]  # fmt: skip
    assert load(reference_store, wamnet(offices(2)), date(2026, 3, 1)).notices == ()


def test_another_table_under_the_same_name_is_asked_about(reference_store: Store) -> None:
    load(reference_store, wamnet([office()]))
    other = wamnet([office(service="就労移行支援")])
    outcome = load(reference_store, other, AUTUMN)
    assert refused(outcome) == ["open_data.other_table"]
    words = say(outcome.problems[0].code, **dict(outcome.problems[0].values))
    assert "「障害福祉サービス等情報（WAM NET） 就労継続支援Ａ型」" in words
    assert "「障害福祉サービス等情報（WAM NET） 就労移行支援」" in words
    loaded(load(reference_store, other, AUTUMN, accept=True))
    loaded(load(reference_store, other, date(2026, 3, 1)))


def test_a_file_that_adds_a_service_is_no_other_table(reference_store: Store) -> None:
    services = HSDS["services"]
    load(reference_store, hsds_zip(HSDS | {"services": services[1:]}), file="hsds.zip")
    loaded(load(reference_store, hsds_zip(), AUTUMN, file="hsds.zip"))
    only = wamnet([office()])
    outcome = load(reference_store, only, AUTUMN, file="hsds.zip")
    assert refused(outcome) == ["open_data.other_table"]
    assert "Community Counselling" in dict(outcome.problems[0].values)["before_services"]


def test_the_load_keeps_source_and_edition(reference_store: Store, raw: neo4j.Driver) -> None:
    load(reference_store, wamnet([office()]), None, file="sfkopendata_202503_45.csv")
    row = raw.execute_query("MATCH (l:Load {source: 'wamnet'}) RETURN l").records[0]["l"]
    assert (row["edition"].to_native(), row["series"], row["state"]) == (
        SPRING, "wamnet:就労継続支援Ａ型", "done",
    )  # fmt: skip


def test_hsds_from_a_folder_serves_what_it_says_it_serves(
    reference_store: Store, raw: neo4j.Driver, tmp_path: Path
) -> None:

    with zipfile.ZipFile(io.BytesIO(hsds_zip())) as archive:
        for name in archive.namelist():
            (tmp_path / Path(name).name).write_bytes(archive.read(name))
    outcome = load_file(reference_store, "hsds", read_path(tmp_path), choice=EditionChoice(SPRING))
    assert not outcome.problems
    rows = raw.execute_query(
        "MATCH (o:Organization)-[:SERVES]->(a) RETURN o.name AS name, a.area_id AS area"
    ).records
    assert [(row["name"], row["area"]) for row in rows] == [("まつど相談室", "12220")]


def read_places(raw: neo4j.Driver, kind: str) -> list[str]:
    rows = raw.execute_query(
        f"MATCH (:Organization)-[:{kind}]->(a:Area) RETURN a.area_id AS area ORDER BY area"
    )
    return [row["area"] for row in rows.records]


MOVED = office(city="千葉県柏市", street="柏1-1-1", latitude="35.8622", longitude="139.9709")


def test_an_office_that_moved_stands_in_its_new_municipality_only(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    load(reference_store, wamnet([office()]))
    assert read_places(raw, "LOCATED_IN") == ["12207"]
    load(reference_store, wamnet([MOVED]), AUTUMN)
    assert read_agencies(raw)["まつどの家"]["municipality"] == "12217"
    assert read_places(raw, "LOCATED_IN") == ["12217"]


def test_what_a_person_entered_stays_where_the_office_moves(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    own = [["名称", "事業所番号", "住所"], ["まつどの家", "1210000001", "松戸市根本1"]]
    load_file(reference_store, "家.xlsx", workbook(機関=own))
    load(reference_store, wamnet([office()]))
    load(reference_store, wamnet([MOVED]), AUTUMN)
    assert read_places(raw, "LOCATED_IN") == ["12207"]


def test_an_area_that_is_served_no_more_goes_unless_a_person_entered_it(
    reference_store: Store, raw: neo4j.Driver
) -> None:
    def with_areas(*names: str) -> bytes:
        area = HSDS["service_areas"][0]
        areas = [area | {"id": name, "name": name} for name in names]
        return hsds_zip(HSDS | {"service_areas": areas})

    load(reference_store, with_areas("流山市", "柏市", "野田市"), file="hsds.zip")
    assert read_places(raw, "SERVES") == ["12208", "12217", "12220"]
    agency = read_agencies(raw)["まつど相談室"]["organization_id"]
    area = link("SERVES", f"Organization {agency}", "Area 12208")
    raw.execute_query("MATCH ()-[r:SERVES]->(:Area {area_id: '12208'}) DELETE r")
    write(reference_store, area)  # now a person says so
    load(reference_store, with_areas("流山市"), AUTUMN, file="hsds.zip")
    assert read_places(raw, "SERVES") == ["12208", "12220"]


class Interrupted(Store):
    """A door that falls shut after some parts."""

    parts_left = 2

    def write_part(
        self,
        records: Sequence[Record],
        load: Load,
        number: int,
        withdrawn: Sequence[Record] = (),
    ) -> WriteReport:
        if number >= self.parts_left:
            raise Unavailable
        return super().write_part(records, load, number, withdrawn)


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("loaders.loading.WHOLE_UP_TO", 10)
    monkeypatch.setattr(open_data_loading, "PART", 5)
    yield


@pytest.mark.usefixtures("small_parts")
def test_a_large_file_is_written_in_parts_and_an_interrupted_one_continues(
    reference_store: Store, raw: neo4j.Driver, tmp_path: Path
) -> None:
    path = tmp_path / FILE
    path.write_bytes(wamnet(offices(23)))
    door = reference_store.acting_as(reference_store.actor)
    door.__class__ = Interrupted
    with pytest.raises(Unavailable):
        load_file(door, FILE, path, choice=EditionChoice(SPRING))
    assert count_nodes(raw, "Listing") == 10
    state = "MATCH (l:Load {source: 'wamnet'}) RETURN l.state AS state, l.load_id AS id"
    (half,) = raw.execute_query(state).records
    assert half["state"] == "running"
    checked = check_file(reference_store, FILE, path, choice=EditionChoice(SPRING))
    assert checked.open_data is not None
    assert (checked.open_data.in_parts, checked.open_data.resumed) == (True, True)
    shares: list[float] = []
    outcome = load_file(
        reference_store, FILE, path, choice=EditionChoice(SPRING), progress=shares.append
    )
    assert outcome.report is not None
    assert (outcome.report.load_id, outcome.report.created) == (half["id"], 23 * 5)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    (whole,) = raw.execute_query(state).records
    assert whole["state"] == "done"
    assert count_nodes(raw, "Organization") == 23


@pytest.mark.usefixtures("small_parts")
def test_in_parts_or_whole_gives_the_same_graph(
    reference_store: Store, raw: neo4j.Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = offices(12)
    content = "MATCH (n) WHERE n:Organization OR n:Listing RETURN n.content_hash AS h ORDER BY h"
    load(reference_store, wamnet(rows))
    load(reference_store, wamnet(rows[:11]), AUTUMN)
    parts = [row["h"] for row in raw.execute_query(content).records]
    raw.execute_query("MATCH (n) WHERE n:Organization OR n:Listing DETACH DELETE n")
    monkeypatch.setattr("loaders.loading.WHOLE_UP_TO", 100)
    load(reference_store, wamnet(rows))
    load(reference_store, wamnet(rows[:11]), AUTUMN)
    assert [row["h"] for row in raw.execute_query(content).records] == parts
