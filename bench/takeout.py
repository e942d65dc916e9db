"""What it takes to write everything out as a workbook, and to load it into an empty database.

    python -m bench.takeout [agencies, default 10,000]

For each agency there are a tie and two events, for every second one a contact person and a
referral. Printed are seconds, megabytes of the file and the most memory this process has had.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Final

from bench.national import clock, new_database, open_store, write_ours
from bench.national_data import make_agencies, name_agency
from exporters.takeout import take_out
from graph.dates import PartialDate, read_iso_date
from graph.records import NodeRecord, Record, RelationshipRecord, Source, Value
from graph.store import Store
from loaders.loading import load_file
from loaders.reference import load_reference
from texts import say

AGENCIES: Final = 10_000
_SOURCE: Final = Source("bench")
_FIRST: Final = date(2015, 4, 1)

link = partial(RelationshipRecord, source=_SOURCE)


def main() -> None:
    """Write, take out, load."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else AGENCIES
    facts = sorted(make_facts(count), key=lambda fact: isinstance(fact, RelationshipRecord))
    print(f"{count:,} agencies, {len(facts):,} facts")
    taken: list[bytes] = []
    with new_database() as connection, open_store(connection) as store:
        store.prepare()
        load_reference(store)
        write_ours(store, facts, "bench")
        before = _read_memory_mb()
        seconds = clock(lambda: taken.append(take_out(store, "workbook", date.today(), say)))
        size = len(taken[0]) / 1e6
        print(
            f"taken out in {seconds:.1f} s, {size:.1f} MB, memory {before} → {_read_memory_mb()} MB"
        )
    with new_database() as connection, open_store(connection) as store:
        seconds = clock(lambda: _load(store, taken[0]))
        print(f"loaded into an empty database in {seconds:.1f} s, memory {_read_memory_mb()} MB")
        again: list[bytes] = []
        clock(lambda: again.append(take_out(store, "workbook", date.today(), say)))
        print(f"taken out again: {'the same bytes' if again == taken else 'OTHER BYTES'}")


def make_facts(count: int) -> Iterator[Record]:
    """Yield `count` agencies with their places, ties, events, contact persons and referrals."""
    nodes = (record for record in make_agencies(count) if isinstance(record, NodeRecord))
    for number, record in enumerate(nodes):
        facts = {**record.properties, "phone": f"048{number:07}"}
        here = ("Organization", record.key)
        yield replace(record, properties=facts)
        yield link("LOCATED_IN", here, ("Area", str(facts["municipality"])))
        yield link("OFFERS", here, ("Support", "work"), {"as_written": "就労支援"})
        yield from _make_ties_and_events(number, count)
        if number % 2 == 0:
            yield from _make_person_and_referral(number, count)


def _make_ties_and_events(number: int, count: int) -> Iterator[Record]:
    here, other = _name(number), _name((number * 7 + 1) % count)
    if here != other:
        words = {"kind": "cooperation", "strength": "normal", "quality": "good"}
        yield link("TIED_TO", here, other, words)
    for kind in ("explained", "contacted"):
        key = f"event-{number}-{kind}"
        facts: dict[str, Value] = {
            "kind": kind,
            "occurred_on": _pick_day(number),
            "text": "電話で話した",
        }
        yield NodeRecord("Event", key, facts, _SOURCE)
        yield link("CONCERNS", ("Event", key), here)
        yield link("RECORDED_BY", ("Event", key), _name(0))


def _make_person_and_referral(number: int, count: int) -> Iterator[Record]:
    person, client = ("Person", f"person-{number}"), ("Client", f"B-{number}")
    referral = ("Referral", f"referral-{number}")
    yield NodeRecord(*person, {"name": f"担当{number}"}, _SOURCE)
    yield link("WORKS_FOR", person, _name(number), {"since": _pick_day(number)})
    facts: dict[str, Value] = {"status": "accepted", "notified_on": _pick_day(number)}
    yield NodeRecord(*referral, facts, _SOURCE)
    yield NodeRecord(*client, {}, _SOURCE)
    yield link("FOR", referral, client)
    yield link("SENT", _name(number), referral)
    yield link("RECEIVED_BY", referral, _name((number + 1) % count))


def _name(number: int) -> tuple[str, str]:
    return "Organization", name_agency(number)


def _pick_day(number: int) -> PartialDate:
    return read_iso_date((_FIRST + timedelta(days=number % 2_700)).isoformat())


def _load(store: Store, data: bytes) -> None:
    outcome = load_file(store, "everything.xlsx", data)
    if outcome.problems:
        raise SystemExit(f"{len(outcome.problems)} problems, first {outcome.problems[0].code}")


def _read_memory_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1_000


if __name__ == "__main__":
    main()
