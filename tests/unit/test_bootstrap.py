"""Setting everything up: what an interrupted first start leaves behind."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import bootstrap


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A virtual environment that is not made yet."""
    folder = tmp_path / ".venv"
    monkeypatch.setattr(bootstrap, "VENV", folder)
    monkeypatch.setattr(bootstrap, "PYTHON", folder / "bin" / "python")
    return folder


@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        (KeyboardInterrupt(), KeyboardInterrupt),
        (OSError("full"), OSError),
        (subprocess.CalledProcessError(1, "ensurepip"), SystemExit),
    ],
)
def test_an_environment_that_was_not_finished_is_made_anew_the_next_time(
    environment: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: BaseException,
    seen: type[BaseException],
) -> None:
    """Python stands in it long before pip does, so it would pass for made."""

    def begin(folder: Path, **_: object) -> None:
        (folder / "bin").mkdir(parents=True)
        (folder / "bin" / "python").touch()
        raise fault

    monkeypatch.setattr(bootstrap.venv, "create", begin)
    with pytest.raises(seen):
        bootstrap.install(bootstrap.LOCK)
    assert not environment.exists()
