"""The file of a backup: sealed, read through to its last byte, refused when anything is wrong."""

from __future__ import annotations

import gzip
import io
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.backup.content import hash_lines, make_header, open_backup, write_content
from graph.backup.errors import BackupError
from graph.backup.keys import Identity, make_recovery_key, open_keyring, read_identities
from graph.backup.making import check_backup, list_backups, read_moment, remove_leftovers
from graph.backup.sealed import write_sealed
from graph.store.copying import Counts, Line

LINES: list[Line] = [
    {"n": "Organization", "p": {"organization_id": f"org-{number}", "name": "松戸相談室"}}
    for number in range(300)
]
COUNTS = Counts({"Organization": 300})
FILES = {"audit.jsonl": b"x" * 100_000, "audit.head": b""}


def write(folder: Path, lines: list[Line] = LINES, counts: Counts = COUNTS) -> Path:
    """A backup of these lines in a folder whose keys are its own."""
    path = folder / "tsunagi-20261122-201500-0123abcd.jsonl.gz.age"
    with write_sealed(folder, open_keyring(folder).recipients) as draft:
        write_content(draft.sink, make_header(1, counts), lines, FILES)
        draft.keep_as(path)
    return path


def read(path: Path, identities: list[Identity] | None = None) -> tuple[list[Line], str]:
    with open_backup(path, identities or list(open_keyring(path.parent).identities)) as reader:
        lines = list(reader.read_lines())
    return lines, reader.content_hash


def refuse(path: Path, identities: list[Identity] | None = None) -> str:
    with pytest.raises(BackupError) as refusal:
        read(path, identities)
    return refusal.value.code


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield write(tmp_path_factory.mktemp("backups"))


def test_what_is_written_is_read_with_the_files_beside_it(made: Path) -> None:
    lines, content = read(made)
    assert [line for line in lines if "n" in line] == LINES
    assert content == hash_lines(LINES)
    assert {line["f"] for line in lines if "f" in line} == set(FILES)


def test_only_its_owner_can_read_it_and_its_name_says_nothing(made: Path) -> None:
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE((made.parent / "backup.key").stat().st_mode) == 0o600
    moment = read_moment(made)
    assert moment is not None
    assert moment.astimezone(UTC) == datetime(2026, 11, 22, 20, 15, tzinfo=UTC)


def test_the_age_format_and_gzip_open_it_without_us(made: Path) -> None:
    data = made.read_bytes()
    assert data.startswith(b"age-encryption.org/v1\n")
    plain = pyrage.decrypt(data, list(open_keyring(made.parent).identities))
    text = gzip.GzipFile(fileobj=io.BytesIO(plain)).read().decode()
    assert text.splitlines()[1].startswith('{"n":"Organization"')
    assert "松戸".encode() not in data


@settings(max_examples=150, deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_any_altered_byte_is_found(made: Path, place: float, bit: int) -> None:
    data = bytearray(made.read_bytes())
    data[int(place * len(data))] ^= 1 << bit
    altered = made.with_name("altered")
    altered.write_bytes(data)
    assert refuse(altered) in {"backup.wrong_key", "backup.damaged"}


@settings(max_examples=50, deadline=None)
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_cut_file_is_found(made: Path, share: float) -> None:
    cut = made.with_name("cut")
    cut.write_bytes(made.read_bytes()[: int(share * made.stat().st_size)])
    assert refuse(cut) in {"backup.wrong_key", "backup.damaged"}


def test_bytes_after_the_end_another_key_and_no_file_are_refused(made: Path) -> None:
    longer = made.with_name("longer")
    longer.write_bytes(made.read_bytes() + b"x")
    assert refuse(longer) == "backup.damaged"
    assert refuse(made, [Identity.generate()]) == "backup.wrong_key"
    assert refuse(made.with_name("nothing")) == "backup.no_file"


def seal(folder: Path, text: str) -> Path:
    with write_sealed(folder, open_keyring(folder).recipients) as draft:
        draft.sink.write(text.encode())
        draft.keep_as(folder / "other")
    return folder / "other"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"format": "another"}\n', "backup.not_a_backup"),
        ('{"format": "tsunagi-graph", "version": 99}\n', "backup.newer"),
        ("no json at all\n", "backup.damaged"),
        ("", "backup.damaged"),
    ],
)
def test_what_is_sealed_but_no_backup_of_ours_is_refused(
    tmp_path: Path, text: str, code: str
) -> None:
    assert refuse(seal(tmp_path, text)) == code


def test_a_graph_that_is_not_as_counted_gives_no_file(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="incomplete"):
        write(tmp_path, LINES[:-1])
    assert list_backups(tmp_path) == []
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def test_a_folder_that_cannot_be_written_to_is_said(tmp_path: Path) -> None:
    keys = open_keyring(tmp_path)
    with (
        pytest.raises(BackupError, match="not_written"),
        write_sealed(tmp_path / "nowhere", keys.recipients),
    ):
        pass


def test_what_a_killed_backup_left_is_removed_by_the_next(tmp_path: Path) -> None:
    (tmp_path / ".0123.part").write_bytes(b"half")
    remove_leftovers(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_check_is_noted_for_the_list(made: Path) -> None:
    assert [one.check for one in list_backups(made.parent)] in ([""], ["read"])
    checked = check_backup(made, open_keyring(made.parent).identities)
    (listed,) = list_backups(made.parent)
    assert (listed.check, listed.nodes, listed.content) == ("read", 300, checked.content)
    assert listed.size == made.stat().st_size


def test_the_recovery_key_opens_what_is_made_after_it_and_is_shown_once(tmp_path: Path) -> None:
    before = write(tmp_path).rename(tmp_path / "before")
    secret = make_recovery_key(tmp_path)
    assert secret not in "".join(
        path.read_text("utf-8", "replace") for path in tmp_path.iterdir() if path.is_file()
    )
    on_paper = read_identities(f"  {secret.lower()}\n")
    after = write(tmp_path)
    assert read(after, on_paper)[1] == hash_lines(LINES)
    assert refuse(before, on_paper) == "backup.wrong_key"
    with pytest.raises(BackupError, match="recovery_exists"):
        make_recovery_key(tmp_path)
    assert make_recovery_key(tmp_path, renew=True) != secret


def test_a_key_of_another_machine_is_read_from_the_file_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    path = write(tmp_path)
    monkeypatch.setenv("TSUNAGI_BACKUP_KEY_FILE", str(tmp_path / "backup.key"))
    assert read(path, list(open_keyring(other).identities))[1] == hash_lines(LINES)
    monkeypatch.setenv("TSUNAGI_BACKUP_KEY_FILE", os.fspath(tmp_path / "nothing"))
    with pytest.raises(BackupError, match="bad_key"):
        open_keyring(other)


@pytest.mark.parametrize("text", ["", "hello", "AGE-SECRET-KEY-1WRONG"])
def test_what_is_no_key_is_said(text: str) -> None:
    with pytest.raises(BackupError, match="bad_key"):
        read_identities(text)


def test_other_files_of_the_folder_are_no_backups(tmp_path: Path) -> None:
    for name in ("tsunagi-x.age", "report.xlsx", "tsunagi-20269999-000000-0123abcd.jsonl.gz.age"):
        (tmp_path / name).write_bytes(b"x")
    assert list_backups(tmp_path) == []
