"""The console command, as somebody at a terminal meets it."""

from __future__ import annotations

import csv
import io
import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import neo4j
import pytest
from typer.testing import CliRunner, Result

import queries
import tsunagi
from graph.store import Store
from loaders.reading.limits import DEFAULT_LIMITS
from tests.builders import count_nodes, delimited, hash_graph
from tests.open_data_files import offices, wamnet

ROOT = Path(__file__).resolve().parents[2]
GOOD = [["機関ID", "名称", "分野"], ["org-a", "松戸相談室", "福祉"], ["org-b", "松戸病院", "医療"]]
BAD = [GOOD[0], ["org-a", "松戸相談室", "宇宙"], ["org-b", "", "医療"]]


def run(*words: str) -> Result:
    return CliRunner().invoke(tsunagi.app, list(words))


def read_json(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    file = tmp_path / "機関.csv"
    file.write_bytes(delimited(GOOD, "cp932"))
    return file


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    file = tmp_path / "機関 誤り.csv"
    file.write_bytes(delimited(BAD))
    return file


@pytest.mark.parametrize(
    ("words", "ja", "en"),
    [
        ((), "連携機関のネットワーク", "network of partner agencies"),
        (("load",), "読み込む", "Load Excel or CSV"),
        (("ask",), "質問をする", "Ask a named question"),
        (("db",), "付属のデータベース", "bundled database"),
        (("db", "stop"), "止める", "Stop the database"),
    ],
)
def test_help_speaks_both_languages(words: tuple[str, ...], ja: str, en: str) -> None:
    result = run(*words, "--help")
    assert result.exit_code == 0
    assert ja in result.output
    assert en in result.output


def test_the_command_starts_as_a_program_of_its_own() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tsunagi", "ask", "--list", "--json"],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert {entry["name"] for entry in json.loads(done.stdout)} == set(queries.list_queries())


def test_every_question_is_listed_with_its_parameters() -> None:
    listed = {entry["name"]: entry for entry in read_json(run("ask", "--list", "--json"))}
    assert set(listed) == set(queries.list_queries())
    parameters = {p["name"]: p for p in listed["introductions"]["parameters"]}
    assert (parameters["from_id"]["type"], parameters["limit"]["default"]) == ("str", "5")
    plain = run("ask", "--list")
    assert plain.exit_code == 0
    assert all(name in plain.output for name in listed)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("ask", "nonsense"), "partner_funnel"),
        (("ask", "partner_funnel", "--param", "colour=red"), "as_of"),
        (("ask", "partner_funnel", "--param", "as_of"), "名前=値"),
        (("ask", "partner_funnel", "--param", "as_of=someday"), "date"),
        (("ask", "introductions", "--param", "from_id=a"), "to_id"),
        (("ask", "introductions", "--param", f"limit={10**30}"), "from_id"),
    ],
)
def test_a_question_that_cannot_be_asked_ends_in_a_sentence(
    words: tuple[str, ...], told: str
) -> None:
    result = run(*words)
    assert result.exit_code == 1
    assert told in result.output
    assert "Traceback" not in result.output
    assert isinstance(result.exception, SystemExit)


def test_an_answer_as_json_csv_and_table(sample_store: Store) -> None:
    words = ("ask", "partner_funnel", "--param", "as_of=2022-10-04")
    rows = read_json(run(*words, "--json"))
    assert [(row["step"], row["count"]) for row in rows[:3]] == [
        ("listed", 17), ("explained", 8), ("supporting", 8),
    ]  # fmt: skip
    table = list(csv.DictReader(io.StringIO(run(*words, "--csv").stdout)))
    assert [row["count"] for row in table[:3]] == ["17", "8", "8"]
    assert json.loads(table[2]["names"]) == rows[2]["names"]
    plain = run("ask", "ecomap_facilities")
    assert plain.exit_code == 0
    assert "17" not in plain.output
    assert "first_list_on" in plain.output


def test_dates_of_an_answer_are_written_the_iso_way(sample_store: Store) -> None:
    rows = read_json(run("ask", "ecomap_dates", "--json"))
    assert {"day": "2022-10-04", "meeting": True} in [
        {name: row[name] for name in ("day", "meeting")} for row in rows
    ]


def test_no_answer_is_an_empty_list_and_a_success(reference_store: Store) -> None:
    assert read_json(run("ask", "partner_stages", "--json")) == []
    columns = [column.name for column in queries.list_queries()["ecomap_facilities"].columns]
    csv_answer = run("ask", "ecomap_facilities", "--csv")
    assert csv_answer.stdout.splitlines() == [",".join(columns)]


def test_a_load_reports_what_it_did(reference_store: Store, good: Path) -> None:
    first, second = (read_json(run("load", str(good), "--json"))[0] for _ in range(2))
    assert (first["loaded"], first["rows"], first["new"], first["problems"]) == (True, 2, 2, [])
    assert first["file"] == good.name
    assert (second["new"], second["changed"], second["unchanged"]) == (0, 0, 2)
    assert second["load_id"] != first["load_id"]


def test_a_check_says_what_a_load_would_do_and_writes_nothing(
    reference_store: Store, raw: neo4j.Driver, good: Path
) -> None:
    before = hash_graph(raw)
    told = read_json(run("load", "--check", str(good), "--json"))[0]
    assert (told["loaded"], told["load_id"], told["new"]) == (False, None, 2)
    plain = run("load", "--check", str(good))
    assert plain.exit_code == 0
    assert "2" in plain.stdout
    assert (hash_graph(raw), count_nodes(raw, "Load")) == (before, 1)


def test_bad_cells_are_told_with_their_place_and_fail(
    reference_store: Store, raw: neo4j.Driver, bad: Path
) -> None:
    result = run("load", str(bad), "--json")
    assert result.exit_code == 1
    problems = json.loads(result.stdout)[0]["problems"]
    assert [(p["file"], p["sheet"], p["row"], p["column"]) for p in problems] == [
        (bad.name, None, 2, "分野"), (bad.name, None, 3, "名称"),
    ]  # fmt: skip
    assert "宇宙" in problems[0]["message_ja"]
    assert "宇宙" in problems[0]["message_en"]
    plain = run("load", str(bad))
    assert plain.exit_code == 1
    assert f"{bad.name} 2 分野" in plain.output
    assert count_nodes(raw, "Organization") == 0


def test_one_bad_file_of_two_fails_and_the_good_one_is_loaded(
    reference_store: Store, raw: neo4j.Driver, good: Path, bad: Path
) -> None:
    result = run("load", str(bad), str(good), "--json")
    assert result.exit_code == 1
    assert [outcome["loaded"] for outcome in json.loads(result.stdout)] == [False, True]
    assert count_nodes(raw, "Organization") == 2


def test_a_file_that_is_not_there_is_a_problem_of_that_file(reference_store: Store) -> None:
    result = run("load", "どこにもない.xlsx", "--json")
    assert result.exit_code == 1
    outcome = json.loads(result.stdout)[0]
    assert [problem["code"] for problem in outcome["problems"]] == ["loaders.file.unreadable"]


def test_a_file_that_is_too_large_is_told_with_the_limit(
    reference_store: Store, tmp_path: Path
) -> None:
    file = tmp_path / "名簿.xlsx"
    with file.open("wb") as large:
        large.truncate(DEFAULT_LIMITS.file_bytes + 1)
    result = run("load", str(file), "--json")
    assert result.exit_code == 1
    (problem,) = json.loads(result.stdout)[0]["problems"]
    assert problem["code"] == "loaders.file.too_large"
    assert "30 MB" in problem["message_ja"]


def test_a_facility_can_be_named_for_a_list(reference_store: Store, tmp_path: Path) -> None:
    file = tmp_path / "連携リスト.csv"
    file.write_bytes(delimited([["機関名", "分野", "作成日"], ["駅前", "医療", "2022-03-01"]]))
    assert run("load", str(file), "--json").exit_code == 1
    assert run("load", str(file), "--facility", "わたしの施設", "--json").exit_code == 0
    rows = read_json(run("ask", "ecomap_facilities", "--json"))
    assert [row["name"] for row in rows] == ["わたしの施設"]


def test_check_and_status_tell_that_all_is_well(
    sample_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TSUNAGI_BACKUP", "off")
    result = run("check", "--json")
    found = {finding["subject"]: finding for finding in json.loads(result.stdout)}
    levels = {name: finding["level"] for name, finding in found.items()}
    assert result.exit_code == {"fine": 0, "warning": 1}[max(levels.values(), key=len)]
    of_ours = ("database", "version", "indexes", "facts", "loads", "clock", "files", "backup")
    assert {name: levels[name] for name in of_ours} == dict.fromkeys(of_ours, "fine")
    status = read_json(run("db", "status", "--json"))
    assert (status["running"], status["external"]) == (True, False)
    assert status["uri"].startswith("bolt://127.0.0.1:")
    assert status["pid"] > 0


def test_a_second_app_on_one_port_is_told_where_the_first_is() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = run("run", "--port", str(port))
    assert result.exit_code == 1
    assert f"http://127.0.0.1:{port}" in result.output
    assert "--port" in result.output


def test_a_check_without_a_database_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:1")
    result = run("check")
    assert result.exit_code == 2
    assert "✕ データベース / Database" in result.output
    assert "データベースにつながりません" in result.output
    assert "直すことがあります" in result.output


def test_a_database_that_is_away_ends_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:1")
    result = run("ask", "ecomap_facilities")
    assert result.exit_code == 1
    assert "データベースにつながりません" in result.output
    assert "does not answer" in result.output
    assert "Traceback" not in result.output


def test_open_data_is_loaded_with_an_edition(reference_store: Store, tmp_path: Path) -> None:
    assert reference_store is not None
    file = tmp_path / "csvdownload045.csv"
    file.write_bytes(wamnet(offices(2)))
    refused = run("load", str(file))
    assert refused.exit_code == 1
    assert "--edition" in refused.output
    (loaded,) = read_json(run("load", str(file), "--edition", "2025-03", "--json"))
    assert (loaded["loaded"], loaded["new"]) == (True, 10)
    assert (loaded["open_data"]["edition"], loaded["open_data"]["vanished"]) == ("2025-03-01", 0)
    assert run("load", str(file), "--edition", "いつか").exit_code == 1


def test_everything_is_written_to_a_file_that_loads_without_a_change(
    reference_store: Store, good: Path, tmp_path: Path
) -> None:
    assert run("load", str(good)).exit_code == 0
    file = tmp_path / "out.xlsx"
    taken = run("export", "workbook", "--to", str(file))
    assert taken.exit_code == 0, taken.output
    told = read_json(run("load", str(file), "--json"))[0]
    assert (told["new"], told["changed"], told["problems"]) == (0, 0, [])
    assert told["unchanged"] > 0
    assert run("export", "workbook", "--to", str(file)).exit_code == 1  # it exists
    assert "hsds_json" in run("export", "everything").output
