"""Whom an agency takes, as its own words say: the columns of conditions of the sheet 機関."""

from __future__ import annotations

from typing import Final

from graph.records import Value
from graph.vocabulary import ACCEPTANCES, COST_KINDS, OFFENCES, SEXES_ACCEPTED, Vocabulary
from loaders.lettering import matching_key
from loaders.problems import BadValue
from loaders.rows import RowReader, parse_term

CODED: Final[dict[str, Vocabulary]] = {
    "accepts_sex": SEXES_ACCEPTED,
    "accepts_disability": ACCEPTANCES,
    "accepts_released": ACCEPTANCES,
    "cost_kind": COST_KINDS,
}
OFFENCES_BY_ANSWER: Final = ("offences_accepted", "offences_discussed", "offences_refused")
COUNTS: Final = ("age_from", "age_to", "capacity", "vacancies")
FLAGS: Final = ("open_weekend", "open_night")

_REST: Final = "rest"
_REST_WORDS: Final = frozenset(
    map(matching_key, ("すべて", "全て", "ほかすべて", "その他すべて", "それ以外", "不問", "all"))
)
_OFFENCE_WORDS: Final = tuple(w for t in OFFENCES.terms for w in (t.ja, *t.spellings))


def read_acceptance(row: RowReader) -> dict[str, Value]:
    """Return the conditions of the row's columns; an empty cell is None: not known, not "no".

    Ages that end before they begin, and a kind of offence in two columns, are problems of the row.
    """
    properties = _read_offences(row)
    for column, words in CODED.items():
        if row.has(column):
            properties[column] = row.coded(column, words)
    properties |= {column: row.integer(column) for column in COUNTS if row.has(column)}
    properties |= {column: row.flag(column) for column in FLAGS if row.has(column)}
    if row.has("cost"):
        properties["cost"] = row.prose("cost")
    if row.has("capacity_on"):
        properties["capacity_on"] = row.date("capacity_on")
    _check_ages(row, properties)
    return properties


def _read_offences(row: RowReader) -> dict[str, Value]:
    """Return the kinds of offence by column, in the order of the vocabulary; None for none.

    すべて stands for the kinds that none of the columns names.
    """
    named: dict[str, str] = {}
    columns = [column for column in OFFENCES_BY_ANSWER if row.has(column)]
    for column in columns:
        for code, words in row.each(column, _parse_offence, known=_OFFENCE_WORDS):
            if named.setdefault(code, column) != column:
                row.report(column, BadValue("rows.offence_twice", offence=words))
    rest = named.pop(_REST, None)
    if rest is not None:
        named = dict.fromkeys(OFFENCES.codes, rest) | named
    return {
        column: " ".join(code for code in OFFENCES.codes if named.get(code) == column) or None
        for column in columns
    }


def _parse_offence(words: str) -> tuple[str, str]:
    is_rest = matching_key(words) in _REST_WORDS
    return _REST if is_rest else parse_term(words, OFFENCES), words


def _check_ages(row: RowReader, properties: dict[str, Value]) -> None:
    youngest, oldest = properties.get("age_from"), properties.get("age_to")
    if isinstance(youngest, int) and isinstance(oldest, int) and oldest < youngest:
        row.report("age_to", BadValue("rows.age_range", age_from=youngest, age_to=oldest))
