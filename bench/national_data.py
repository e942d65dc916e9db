"""A made-up country of agencies for benchmarks: so many, and five relationships for each.

Names, places and ties are drawn by a seeded generator, so that every run has the same graph. Of the
five relationships of an agency one says where it stands, one what it offers, three are ties; one
agency in a thousand is a hub that many ties lead to.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from graph.records import NodeRecord, Point, Record, RelationshipRecord, Source, Value
from graph.vocabulary import FIELDS, SUPPORTS
from loaders.places.gazetteer import municipalities

_SOURCE: Final = Source("national.csv")
_WORDS: Final = ("希望", "定着", "つばさ", "社会福祉協議会", "ひまわり", "更生", "みらい", "松風")
_TYPES: Final = ("相談支援事業所", "病院", "診療所", "就労継続支援B型", "共同生活援助", "訪問看護")


def make_agencies(count: int, edition: int = 0, seed: int = 7) -> Iterator[Record]:
    """Yield `count` agencies; in a later edition every tenth has another telephone."""
    dice = random.Random(seed)  # noqa: S311
    places = municipalities()
    for number in range(count):
        place = dice.choice(places)
        phone = f"0{number:09}"
        if edition and number % 10 == 0:
            phone = f"0{number + edition:09}"
        properties: dict[str, Value] = {
            "name": f"{place.short_name}{dice.choice(_WORDS)}{number}",
            "kana": f"じぎょうしょ{number}",
            "field": dice.choice(FIELDS.codes),
            "agency_type": dice.choice(_TYPES),
            "office_number": f"{number:010}",
            "address": f"{place.full_name}中央{number % 9 + 1}-{number % 30 + 1}",
            "municipality": place.code,
            "location": Point(
                place.latitude + dice.uniform(-0.05, 0.05),
                place.longitude + dice.uniform(-0.05, 0.05),
            ),
            "location_accuracy": "exact",
            "phone": phone,
        }
        yield NodeRecord("Organization", name_agency(number), properties, _SOURCE)


def make_links(count: int, seed: int = 7) -> Iterator[Record]:
    """Yield the relationships of `count` agencies, five for each."""
    dice = random.Random(seed + 1)  # noqa: S311
    places = municipalities()
    hubs = max(count // 1000, 1)
    for number in range(count):
        here = ("Organization", name_agency(number))
        yield RelationshipRecord(
            "LOCATED_IN", here, ("Area", dice.choice(places).code), {}, _SOURCE
        )
        words: dict[str, Value] = {"as_written": "支援"}
        support = ("Support", dice.choice(SUPPORTS.codes))
        yield RelationshipRecord("OFFERS", here, support, words, _SOURCE)
        others = {dice.randrange(hubs), (number + 1) % count, (number + 17) % count}
        for other in sorted(others - {number}):
            tie: dict[str, Value] = {
                "kind": "cooperation", "strength": "normal", "quality": "good", "flow": "both",
            }  # fmt: skip
            end = ("Organization", name_agency(other))
            yield RelationshipRecord("TIED_TO", here, end, tie, _SOURCE)


def name_agency(number: int) -> str:
    """Return the id of an agency."""
    return f"org-{number:07}"
