"""The one declaration is sound: names, meanings in both languages, keys, indexes, vocabularies."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from graph import vocabulary
from graph.schema import BOOKKEEPING, NODES, RELATIONSHIPS, Property, ValueType
from graph.vocabulary import FIELDS, Vocabulary
from loaders import single_links
from loaders.lettering import matching_key

DECLARED = [*NODES.items(), *RELATIONSHIPS.items()]
PROPERTIES = [(kind, p) for kind, declared in DECLARED for p in declared.properties]
VOCABULARIES = [value for value in vars(vocabulary).values() if isinstance(value, Vocabulary)]
TEN_FIELDS = (
    "行政", "福祉", "医療", "教育", "司法", "地域団体", "地域関係者", "職場", "業者", "親族・知人",
)  # fmt: skip


def test_labels_types_and_properties_are_named_by_the_rules() -> None:
    assert [label for label in NODES if not re.fullmatch(r"(?:[A-Z][a-z]+)+", label)] == []
    assert [kind for kind in RELATIONSHIPS if not re.fullmatch(r"[A-Z]+(?:_[A-Z]+)*", kind)] == []
    names = {p.name for _, p in PROPERTIES}
    assert [name for name in names if not re.fullmatch(r"[a-z]+(?:_[a-z]+)*", name)] == []


@pytest.mark.parametrize("kind", [*NODES, *RELATIONSHIPS])
def test_everything_has_a_meaning_in_both_languages(kind: str) -> None:
    declared = NODES.get(kind) or RELATIONSHIPS[kind]
    texts = [declared.ja, declared.en]
    texts += [text for p in declared.properties for text in (p.ja, p.en)]
    assert all(text.strip() for text in texts)


@pytest.mark.parametrize("label", NODES)
def test_a_key_is_a_required_text(label: str) -> None:
    keys = [p for p in NODES[label].properties if p.name == NODES[label].key]
    assert [(key.required, key.type) for key in keys] == [(True, ValueType.TEXT)]


@pytest.mark.parametrize("kind", [*NODES, *RELATIONSHIPS])
def test_no_stored_name_is_used_twice(kind: str) -> None:
    declared = NODES.get(kind) or RELATIONSHIPS[kind]
    stored = [n for p in (*declared.properties, *BOOKKEEPING) for n in p.stored_names]
    if kind == "Load":
        stored.remove("load_id")  # a load is stamped with itself
    assert len(stored) == len(set(stored))


@pytest.mark.parametrize("label", NODES)
def test_indexes_are_on_declared_properties(label: str) -> None:
    node = NODES[label]
    types = {p.name: p.type for p in node.properties}
    assert set(node.range_indexes + node.text_indexes + node.fulltext) <= types.keys()
    assert {types[name] for name in node.point_indexes} <= {ValueType.POINT}
    assert {types[name] for name in node.text_indexes + node.fulltext} <= {ValueType.TEXT}


@pytest.mark.parametrize("kind", RELATIONSHIPS)
def test_relationships_join_declared_labels_by_declared_properties(kind: str) -> None:
    declared = RELATIONSHIPS[kind]
    assert {label for ends in declared.ends for label in ends} <= NODES.keys()
    assert set(declared.identity) <= {p.name for p in declared.properties}


def test_what_tells_of_a_person_is_personal() -> None:
    personal = {f"{kind}.{p.name}" for kind, p in PROPERTIES if p.personal}
    assert personal >= {
        "Client.client_id", "Person.name", "Person.phone", "Person.email", "Referral.course",
        "Referral.destination_text", "Referral.former_area_text", "Event.text", "Task.owner",
    }  # fmt: skip
    assert [name for name in personal if name.startswith("Organization.")] == []


def test_a_client_has_no_name_no_birth_date_and_no_address() -> None:
    assert [p.name for p in NODES["Client"].properties] == ["client_id"]


def test_the_ten_fields_are_those_of_the_lecture_in_its_order() -> None:
    assert tuple(term.ja for term in FIELDS.terms) == TEN_FIELDS


@pytest.mark.parametrize("words", VOCABULARIES, ids=lambda words: words.name)
def test_no_spelling_of_a_vocabulary_means_two_things(words: Vocabulary) -> None:
    meanings = sorted(
        {
            (matching_key(spelling), term.code)
            for term in words.terms
            for spelling in (term.code, term.ja, term.en, *term.spellings)
        }
    )
    assert [first for first, second in pairwise(meanings) if first[0] == second[0]] == []


@pytest.mark.parametrize("words", VOCABULARIES, ids=lambda words: words.name)
def test_codes_and_labels_are_found_both_ways(words: Vocabulary) -> None:
    assert len(set(words.codes)) == len(words.terms)
    assert [words.label(code, "en") for code in words.codes] == [term.en for term in words.terms]
    assert [words.label(code, "ja") for code in words.codes] == [term.ja for term in words.terms]
    with pytest.raises(KeyError):
        words.label("nonsense", "ja")


def test_a_partial_date_has_three_stored_names() -> None:
    when = Property("on", ValueType.PARTIAL_DATE, "日", "Day")
    assert when.stored_names == ("on", "on_precision", "on_text")
    assert Property("name", ValueType.TEXT, "名", "Name").stored_names == ("name",)


def test_of_each_relationship_that_stands_once_a_column_is_known_that_says_it() -> None:
    once = {kind for kind, link in RELATIONSHIPS.items() if link.once}
    assert once == set(single_links._SAID_IN)
    assert all(len(RELATIONSHIPS[kind].ends) == 1 for kind in once)
    assert all(single_links._name_column(kind) for kind in once)
