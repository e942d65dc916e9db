"""What the browser sends is read or refused."""

from __future__ import annotations

import pytest

from views.ecomap.component import EcomapClick, read_click


def test_a_click_names_its_organization() -> None:
    done = {"command": "select", "agency": "o1"}
    assert read_click(done) == EcomapClick("select", "o1")


@pytest.mark.parametrize(
    "command",
    ["clear", "previous", "next", "difference", "present", "save_svg", "print", "save_gexf"],
)
def test_a_key_is_a_command_and_names_nobody(command: str) -> None:
    assert read_click({"command": command, "agency": "o1"}) == EcomapClick(command)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "done",
    [
        None,
        "select",
        [],
        {},
        {"command": "drop"},
        {"command": "select"},
        {"command": "select", "agency": ""},
        {"command": "select", "agency": ["o1"]},
    ],
)
def test_anything_else_is_nothing(done: object) -> None:
    assert read_click(done) is None
