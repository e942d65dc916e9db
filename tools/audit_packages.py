"""Asks whether a vulnerability is known in a package of requirements.lock: a step of `make check`.

A known one fails the check. What could not be asked - no network, a mirror without that service, a
package the service does not know - is said to be not checked, and does not fail it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

LOCK: Final = Path(__file__).resolve().parents[1] / "requirements.lock"
LONGEST_S: Final = 180
_COMMAND: Final = (
    sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip", "--format", "json",
    "--progress-spinner", "off", "--timeout", "15", "--requirement",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found: packages checked, those not checked, and (package, version, advisory)."""

    checked: int
    unchecked: tuple[str, ...]
    found: tuple[tuple[str, str, str], ...]


def read_audit(text: str) -> Audit | None:
    """Read what pip-audit wrote; None when it came to no answer at all."""
    try:
        rows: list[dict[str, Any]] = json.loads(text)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return None
    skipped = tuple(sorted(row["name"] for row in rows if "skip_reason" in row))
    found = tuple(
        (row["name"], row["version"], advisory["id"])
        for row in rows
        for advisory in row.get("vulns", ())
    )
    return Audit(len(rows) - len(skipped), skipped, found)


def tell(audit: Audit | None) -> tuple[int, list[str]]:
    """Return the exit code and what is said: 1 for a known vulnerability only."""
    if audit is None or not (audit.checked or audit.found):
        return 0, [
            "既知の脆弱性：確認していません（問い合わせ先が答えませんでした）。",
            "Known vulnerabilities: not checked (the service did not answer).",
        ]
    lines = [f"{name} {version}: {advisory}" for name, version, advisory in audit.found]
    lines.append(
        f"既知の脆弱性：{len(audit.found)} 件（確認 {audit.checked}、未確認 "
        f"{len(audit.unchecked)}） / Known vulnerabilities: {len(audit.found)} "
        f"({audit.checked} packages checked, {len(audit.unchecked)} not checked)"
    )
    if audit.unchecked:
        lines.append(f"未確認 / not checked: {', '.join(audit.unchecked)}")
    return int(bool(audit.found)), lines


def ask(lock: Path = LOCK) -> Audit | None:
    """Ask about every package of `lock`; None when there is no answer in time."""
    command: Sequence[str] = (*_COMMAND, str(lock))
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments
            command, capture_output=True, text=True, timeout=LONGEST_S, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    return read_audit(done.stdout)


def main() -> int:
    """Ask and say what came of it."""
    code, lines = tell(ask())
    print("\n".join(lines))
    return code


if __name__ == "__main__":
    sys.exit(main())
