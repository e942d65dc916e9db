"""A graph of names as long as they come: 60 to 200 letters, without a space to break a line at."""

from __future__ import annotations

from typing import Final

from graph.records import Point
from tests.builders import (
    FACILITY,
    Records,
    agency,
    day,
    event,
    link,
    located,
    node,
    partner_list,
    referral,
    serves,
    tie,
)

_CHIBA_CITIES: Final = ("12207", "12217")
_FIELDS: Final = ("administration", "welfare", "medical", "justice", "workplace", "kin")
_WORDS: Final = (
    "社会福祉法人千葉県東葛飾地域障害者就業生活支援連絡協議会",
    "ジョブコーチングアンドリハビリテーションセンター",
    "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerk",
    "東葛飾圏域における地域生活定着と居住支援のための多機関協働推進会議",
    "NPO法人ReintegrationSupportNetworkわかちあい",
    "まつどながれやまあびこしえんねっとわーくのつどい",
)


def make_long_text(number: int) -> str:
    """Return a name of 60 to 200 letters, another one for each number."""
    length = 60 + 28 * (number % 6)
    word = _WORDS[number % len(_WORDS)]
    return (word * (length // len(word) + 1))[: length - 2] + f"{number:02}"


def make_long_names_graph() -> Records:
    """A facility, twelve agencies, their people, a list, tasks, minutes and a referral."""
    keys = [f"long{number}" for number in range(12)]
    records: Records = _make_agency(FACILITY, 12)
    for number, key in enumerate(keys):
        records += _make_agency(key, number)
        records += [
            node("Person", f"person{number}", name=make_long_text(number + 30)),
            link(
                "WORKS_FOR", f"Person person{number}", f"Organization {key}",
                role=make_long_text(number + 31),
            ),
            node("Task", f"task{number}", text=make_long_text(number + 32),
                 owner=make_long_text(number + 33), due_on=day("2022-11-01")),
            link("CONTACTS", f"Task task{number}", f"Organization {key}"),
            link("OF", f"Task task{number}", f"Organization {FACILITY}"),
            tie(FACILITY, key),
            tie(key, keys[number - 1], kind="introduction"),
        ]  # fmt: skip
        if number % 2:
            records += event("explained", "2022-03-05", key, text=make_long_text(number + 34))
        if number % 4 == 1:
            records += event("support_started", "2022-05-01", key)
    records += referral("r", keys[0], keys[1], notified_on=day("2022-04-01"))
    records += [
        node("Minutes", "m", held_on=day("2022-06-13"), title=make_long_text(40),
             note=make_long_text(41)),
        link("OF", "Minutes m", f"Organization {FACILITY}"),
    ]  # fmt: skip
    return [*records, *partner_list("list", "2022-03-01", *keys)]


def _make_agency(key: str, number: int) -> Records:
    area = _CHIBA_CITIES[number % 2]
    return [
        agency(
            key, name=make_long_text(number), field=_FIELDS[number % 6], municipality=area,
            agency_type=make_long_text(number + 20), conditions=make_long_text(number + 21),
            hours=make_long_text(number + 22), phone="047-000-0000",
            location=Point(35.78 + number / 500, 139.90 + number / 500), location_accuracy="exact",
        ),
        located(key, area),
        serves(key, area),
        link("OFFERS", f"Organization {key}", "Support housing", as_written=make_long_text(number)),
    ]  # fmt: skip
