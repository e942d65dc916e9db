"""What is on the screen: who and which ties on the day, what changed, who is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from graph.analysis.changes import Change, compare_ecomaps, join_codes
from graph.pictures.ecomap import DrawOptions, Ecomap, EcomapAgency, EcomapGroup, EcomapTie
from graph.pictures.notation import Look
from views.ecomap.members import ask_groups, ask_members
from views.ecomap.narrowing import Narrowing, choose_narrowing, count_crowded_out, narrow
from views.ecomap.path import add_path, read_path
from views.ecomap.whose import Whose, say_title
from views.frame import Context

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Choice:
    """What the panel's switches say."""

    look: Look
    options: DrawOptions
    groups: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """The answers behind one picture: rows of `ecomap_agencies` and of `ties_among`.

    `path` are the agencies of the path in order, those not in `agencies` counted among `guests`;
    `gone` are those of the `earlier` day, compared with, that are no longer there.
    """

    whose: Whose
    agencies: Rows
    guests: Rows
    gone: Rows
    ties: Rows
    path: Rows
    changes: list[Change]
    narrowing: Narrowing
    earlier: date | None
    crowded_out: int
    left_out: int


def ask_scene(context: Context, whose: Whose, choice: Choice, earlier: date | None) -> Scene:
    """Return what is to be seen; draws the choices that narrow it."""
    agencies, ties = _ask(context, whose, choice, context.as_of)
    before, ties_before = _ask(context, whose, choice, earlier) if earlier else ([], [])
    everybody = {row["organization_id"]: row for row in (*before, *agencies)}
    narrowing = choose_narrowing(context, list(everybody.values()))
    path = read_path(context)
    on_path = {row["organization_id"] for row in path}
    shown, shown_before = (narrow(rows, narrowing, on_path) for rows in (agencies, before))
    changes = []
    if earlier:
        changes = _compare((shown_before, ties_before), (shown, ties), earlier, whose)
    gone = {change.organization_id for change in changes if change.code == "gone"}
    guests = add_path(shown, path, whose.ids)[len(shown) :]
    return Scene(
        whose, shown, guests, [row for row in shown_before if row["organization_id"] in gone],
        ties, path, changes, narrowing, earlier,
        crowded_out=count_crowded_out([*shown, *guests]), left_out=len(agencies) - len(shown),
    )  # fmt: skip


def make_ecomap(context: Context, scene: Scene, choice: Choice) -> Ecomap:
    """Return the picture's values."""
    codes = join_codes(scene.changes)
    rows = {row["organization_id"]: row for row in (*scene.agencies, *scene.gone, *scene.guests)}
    groups = ask_groups(context, scene.whose) if choice.groups else []
    return Ecomap(
        title=say_title(context, scene.whose),
        as_of=context.as_of,
        ego_ids=scene.whose.ids,
        ego_names=scene.whose.names,
        egos_open=scene.whose.kind != "client",
        agencies=tuple(
            _make_agency(row, codes.get(row["organization_id"]))
            for row in rows.values()
            if row["field"]
        ),
        ties=tuple(
            EcomapTie(
                row["source_id"], row["target_id"], row["strength"], row["quality"], row["flow"]
            )
            for row in scene.ties
        ),
        look=choice.look,
        list_name=_describe(context, scene),
        compared_with=scene.earlier,
        groups=tuple(EcomapGroup(row["name"], tuple(row["member_ids"])) for row in groups),
        left_out=scene.left_out,
        path=tuple(row["organization_id"] for row in scene.path),
    )


def hide_stress(ties: Rows) -> Rows:
    """Return ties as the meeting look tells them: a stressful one is a normal one."""
    plain = {"quality": "good", "strength": "normal"}
    return [tie | plain if tie["quality"] == "stressful" else tie for tie in ties]


def _ask(context: Context, whose: Whose, choice: Choice, day: date) -> tuple[Rows, Rows]:
    agencies, ties = ask_members(context, whose, day)
    if choice.look == "meeting" and not choice.options.show_stress:
        ties = hide_stress(ties)
    return agencies, ties


def _compare(
    before: tuple[Rows, Rows], after: tuple[Rows, Rows], since: date, whose: Whose
) -> list[Change]:
    """Return the changes; around two centres the ties with the second are told after the rest."""
    changes = compare_ecomaps(before, after, since, whose.ids[0])
    for centre in whose.ids[1:]:
        again = compare_ecomaps(before, after, since, centre)
        changes += [change for change in again if change.code == "tie_changed"]
    return changes


def _make_agency(row: dict[str, Any], change: str | None) -> EcomapAgency:
    return EcomapAgency(
        row["organization_id"], row["name"], row["short_name"], row["field"], row["stage"],
        row["slot"], change, row.get("note"), row.get("centres", ()),
    )  # fmt: skip


def _describe(context: Context, scene: Scene) -> str | None:
    """Return what the picture's header says beside the title: narrowed to what, seen by whom."""
    words: Sequence[str] = scene.narrowing.words
    if scene.whose.kind == "agency":
        words = (*words, context.say("ecomap_whose.seen_by", name=context.facility_name))
    return context.set_beside(words) or None
