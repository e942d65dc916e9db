"""Is this office one of the agencies already known? By number, else by several facts at once.

The rules, strongest first: the office number; corporate number with name; telephone with
municipality and name; name with town. What fits less well is put to a person: the telephone
alone, the name alone, or a similar name, always within one municipality. A name alone never decides
(DESIGN, section 3): dropping legal forms would merge 2,060 different corporations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from graph.records import Value
from loaders.lettering import matching_key
from loaders.open_data.offices import Office
from loaders.phones import read_dialled_digits
from loaders.places.addresses import match_address

CONTAINED_FROM: Final = 4  # characters of a name that another contains, as with its legal form
SIMILAR_FROM: Final = 0.65
"""Names at least this similar, in one municipality, are shown to a person.

中野市社協 and 大野市社協 have 0.75, so similarity only ever asks, and only within a municipality.
"""

MOST_CANDIDATES: Final = 3

OF_KNOWN: Final = (
    "name", "short_name", "municipality", "address", "phone", "office_number", "corporate_number",
)  # fmt: skip
"""Properties of an agency that matching needs."""


@dataclass(frozen=True, slots=True)
class Known:
    """What matching needs of an agency in the graph; `sources` already describe it."""

    organization_id: str
    name: str
    short_name: str | None = None
    municipality: str | None = None
    address: str | None = None
    phone: str | None = None
    office_number: str | None = None
    corporate_number: str | None = None
    sources: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Doubt:
    """An agency an office may be: why, and how similar the names are, 0 to 100."""

    organization_id: str
    reason: str
    similarity: int


@dataclass(frozen=True, slots=True)
class Match:
    """The agency an office surely is, or those it may be; neither = an agency not known yet."""

    organization_id: str | None = None
    doubts: tuple[Doubt, ...] = ()


def match_office(office: Office, candidates: Iterable[Known]) -> Match:
    """Return which of `candidates` the office is or may be; order of candidates does not matter."""
    facts = office.facts
    found = sorted(
        (one for one in candidates if not _is_other(office, one)),
        key=lambda one: one.organization_id,
    )
    reasons = {one.organization_id: _judge(facts, one) for one in found}
    sure = [one for one in found if reasons[one.organization_id] == "sure"]
    numbered = [one for one in sure if _same(facts, one.office_number, "office_number")]
    if len(numbered or sure) == 1:
        return Match((numbered or sure)[0].organization_id)
    return Match(None, _make_doubts(facts, found, reasons, sure="several"))


def list_doubts(facts: Mapping[str, Value], candidates: Iterable[Known]) -> tuple[Doubt, ...]:
    """Return which of `candidates` an agency of one's own may be: most similar name first.

    `facts` are its properties by name. At most `MOST_CANDIDATES`; () when nobody is like it, or
    their office numbers differ.
    """
    found = [one for one in candidates if not _differ_by_number(facts, one)]
    reasons = {one.organization_id: _judge(facts, one) for one in found}
    return _make_doubts(facts, found, reasons, sure="name")


def make_known(row: Mapping[str, Any]) -> Known:
    """Return what matching needs of a row of the graph: `key` and `OF_KNOWN`."""
    return Known(row["key"], **{name: row[name] for name in OF_KNOWN})


def _make_doubts(
    facts: Mapping[str, Value], found: Sequence[Known], reasons: Mapping[str, str], *, sure: str
) -> tuple[Doubt, ...]:
    """Return a doubt for each agency that has a reason; `sure` names the reason of a sure one."""
    doubts = [
        Doubt(one.organization_id, sure if reason == "sure" else reason, _percent(facts, one))
        for one in found
        if (reason := reasons[one.organization_id])
    ]
    doubts.sort(key=lambda doubt: (-doubt.similarity, doubt.organization_id))
    return tuple(doubts[:MOST_CANDIDATES])


def compare_names(first: str, second: str) -> float:
    """Return how similar two names are, 0 to 1: Dice's share of common pairs of characters.

    Equal names give 1.0, names without a common pair 0.0, also when one is a single character.
    Source: Dice 1945, on sets of character bigrams of the matching keys.
    """
    a, b = matching_key(first), matching_key(second)
    if a == b:
        return 1.0
    pairs, others = _pairs(a), _pairs(b)
    if not pairs or not others:
        return 0.0
    return 2 * len(pairs & others) / (len(pairs) + len(others))


def _is_other(office: Office, known: Known) -> bool:
    """Say whether a number proves that they differ, or the source lists the agency apart."""
    if office.facts.get("office_number"):
        return _differ_by_number(office.facts, known)
    return office.source in known.sources


def _differ_by_number(facts: Mapping[str, Value], known: Known) -> bool:
    number = facts.get("office_number")
    return bool(number and known.office_number) and number != known.office_number


def _judge(facts: Mapping[str, Value], known: Known) -> str:
    """Return "sure", a reason to ask a person, or "" when nothing speaks for it."""
    if _same(facts, known.office_number, "office_number"):
        return "sure"
    is_named = _same_name(facts, known)
    here = facts.get("municipality")
    if is_named and _same(facts, known.corporate_number, "corporate_number"):
        return "sure" if known.municipality in (None, here) else ""
    if here is None or known.municipality != here:
        return ""
    phone = facts.get("phone")
    if phone and known.phone and _digits(str(phone)) == _digits(known.phone):
        return "sure" if is_named else "phone"
    if is_named:
        return "sure" if _same_town(facts, known) else "name"
    return "similar" if _is_similar(str(facts["name"]), known.name) else ""


def _is_similar(first: str, second: str) -> bool:
    short, long = sorted((_key(first), _key(second)), key=len)
    is_contained = len(short) >= CONTAINED_FROM and short in long
    return is_contained or compare_names(first, second) >= SIMILAR_FROM


def _same(facts: Mapping[str, Value], known: str | None, name: str) -> bool:
    return known is not None and facts.get(name) == known


def _same_name(facts: Mapping[str, Value], known: Known) -> bool:
    own = _key(str(facts["name"]))
    return own in {_key(known.name), _key(known.short_name or known.name)}


def _same_town(facts: Mapping[str, Value], known: Known) -> bool:
    here, there = _town(str(facts.get("address") or "")), _town(known.address or "")
    return bool(here) and here == there


def _percent(facts: Mapping[str, Value], known: Known) -> int:
    return round(100 * compare_names(str(facts["name"]), known.name))


@lru_cache(maxsize=20_000)
def _town(address: str) -> tuple[str, str] | None:
    place = match_address(address)
    return (place.municipality_code, place.town) if place.town else None


@lru_cache(maxsize=20_000)
def _key(name: str) -> str:
    return matching_key(name)


@lru_cache(maxsize=20_000)
def _pairs(key: str) -> frozenset[str]:
    return frozenset(key[n : n + 2] for n in range(len(key) - 1))


def _digits(phone: str) -> str:
    return read_dialled_digits(phone)


def list_similar(office: Office, own: Mapping[str, Sequence[Known]]) -> Sequence[Known]:
    """Return agencies of the office's municipality among `own`: those no source describes yet."""
    return own.get(str(office.facts.get("municipality")), ())
