"""The step of `make check` about known vulnerabilities: an answer, no answer, half an answer."""

from __future__ import annotations

import json

import pytest

from tools.audit_packages import Audit, read_audit, tell


def answer(*rows: dict[str, object]) -> str:
    return json.dumps({"dependencies": list(rows), "fixes": []})


CLEAN = {"name": "a", "version": "1", "vulns": []}
BAD = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}
SKIPPED = {"name": "c", "skip_reason": "not found"}


def test_a_known_vulnerability_fails_and_is_named() -> None:
    audit = read_audit(answer(CLEAN, BAD, SKIPPED))
    assert audit == Audit(2, ("c",), (("b", "2", "PYSEC-1"),))
    code, lines = tell(audit)
    assert code == 1
    assert lines[0] == "b 2: PYSEC-1"
    assert lines[-1].endswith("not checked: c")


def test_none_known_passes_and_says_how_many_were_checked() -> None:
    code, lines = tell(read_audit(answer(CLEAN)))
    assert (code, len(lines)) == (0, 1)
    assert "0 (1 packages checked, 0 not checked)" in lines[0]


@pytest.mark.parametrize("text", ["", "not JSON", "[]", "{}", answer(), answer(SKIPPED, SKIPPED)])
def test_no_answer_is_said_to_be_not_checked_and_does_not_fail(text: str) -> None:
    code, lines = tell(read_audit(text))
    assert code == 0
    assert "確認していません" in lines[0]
    assert "not checked" in lines[1]
