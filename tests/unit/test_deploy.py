"""The unit and the compose file for operators: read by their own linters where these are here."""

from __future__ import annotations

import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

import tsunagi
from access.gate import HEALTH

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


def read_compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return loaded


def read_unit() -> ConfigParser:
    unit = ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(DEPLOY / "tsunagi.service", encoding="utf-8")
    return unit


def test_the_database_is_reached_by_the_app_alone() -> None:
    services = read_compose()["services"]
    assert "ports" not in services["database"]
    assert read_compose()["networks"]["inside"] == {"internal": True}
    assert services["database"]["networks"] == ["inside"]
    assert services["app"]["ports"] == ["127.0.0.1:8501:8501"]


def test_no_password_stands_in_the_files() -> None:
    environments = [one["environment"] for one in read_compose()["services"].values()]
    secrets = [e[name] for e in environments for name in e if "PASSWORD" in name or "AUTH" in name]
    assert secrets
    assert all("${NEO4J_PASSWORD:?" in secret for secret in secrets)


def test_the_options_they_start_the_app_with_are_ours() -> None:
    shown = CliRunner().invoke(tsunagi.app, ["run", "--help"]).output
    docker = (DEPLOY / "Dockerfile").read_text("utf-8")
    unit = read_unit()["Service"]["ExecStart"]
    for option in ("--address", "--port"):
        assert option in shown
        assert option in docker
        assert option in unit
    assert "--no-sample" in shown
    assert HEALTH in docker


def test_the_service_keeps_its_data_to_itself() -> None:
    service = read_unit()["Service"]
    assert service["StateDirectoryMode"] == "0700"
    assert service["UMask"] == "0077"
    assert service["Restart"] == "on-failure"
    assert service["ProtectSystem"] == "strict"


def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd is not here")
    text = (DEPLOY / "tsunagi.service").read_text("utf-8")
    here = tmp_path / "tsunagi.service"
    here.write_text(text.replace("/opt/tsunagi/.venv/bin/python", shutil.which("env") or "env"))
    done = subprocess.run(
        ["systemd-analyze", "verify", str(here)], capture_output=True, text=True, check=False
    )
    ours = [line for line in done.stderr.splitlines() if "tsunagi.service" in line]
    assert (done.returncode, ours) == (0, [])


def test_docker_accepts_the_compose_file() -> None:
    docker = shutil.which("docker")
    probe = [docker or "docker", "compose", "version"]
    if docker is None or subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("docker compose is not here")
    settings = {"NEO4J_PASSWORD": "x", "TSUNAGI_URL": "https://tsunagi.example.jp"}
    file = str(DEPLOY / "compose.yaml")
    command = [docker, "compose", "-f", file, "config", "--quiet"]
    subprocess.run(command, env=settings, check=True)
