"""What an ecomap shows: plain values, already filtered for the role that looks at it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from graph.pictures.notation import Look

Say = Callable[..., str]


@dataclass(frozen=True, slots=True)
class EcomapAgency:
    """One agency on the picture.

    `stage` is one of `notation.STAGES` (None: the facility itself, whose view the stages are),
    `field` one of `notation.FIELDS`, `slot` the stored place (None: a free one for this
    picture). `change` holds codes of `analysis.changes` joined by "+", None when nothing changed
    or no dates are compared. `note` is a word on the card's edge where there is no change.
    `centres` says around which of two centres (0, 1 or both) it stands, () around a single one.
    """

    organization_id: str
    name: str
    short_name: str | None
    field: str
    stage: str | None
    slot: int | None
    change: str | None = None
    note: str | None = None
    centres: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class EcomapTie:
    """A tie as the graph holds it; `flow` is seen from the source: "out" means it acts."""

    source_id: str
    target_id: str
    strength: str
    quality: str = "good"
    flow: str | None = None


@dataclass(frozen=True, slots=True)
class EcomapGroup:
    """A council or conference: its members can be outlined."""

    name: str
    member_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ecomap:
    """Everything one picture shows.

    `ego_ids` are one or two centres; `ego_names` and `ego_kinds` (更生保護施設 …) go with them.
    Ties whose two ends are not both in the picture are left out of it. `list_name` says what the
    picture is narrowed to and `left_out` how many agencies that leaves out. `path` are
    organization ids in the order somebody went: they and the legs between them are lit.
    `egos_open` says that a centre can be chosen like a card; a client cannot.
    """

    title: str
    as_of: date
    ego_ids: tuple[str, ...]
    ego_names: tuple[str, ...]
    agencies: tuple[EcomapAgency, ...]
    ties: tuple[EcomapTie, ...]
    look: Look = "meeting"
    list_name: str | None = None
    ego_kinds: tuple[str, ...] = ()
    compared_with: date | None = None
    groups: tuple[EcomapGroup, ...] = ()
    left_out: int = 0
    path: tuple[str, ...] = ()
    egos_open: bool = True


@dataclass(frozen=True, slots=True)
class DrawOptions:
    """How to draw it.

    Attributes:
        show_stress: in the meeting look, draw stressful ties as 「話し合いたい関係」.
        chords: which agency–agency ties to draw; "selected" means those of `selected`.
        selected: organization id of the selected agency.
        show_groups: outline the members of the groups.
        show_empty_fields: a dotted box where a field has nobody.
    """

    show_stress: bool = False
    chords: Literal["all", "selected", "none"] = "all"
    selected: str | None = None
    show_groups: bool = False
    show_empty_fields: bool = True
