"""The page 次に連絡する先: the ranking, its reasons, and who is left out of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

import queries
from graph.store import Store
from tests.app.page_text import read_html, read_words
from tests.builders import (
    FACILITY,
    Records,
    agency,
    area,
    day,
    event,
    partner_list,
    place,
    referral,
    serves,
    tie,
    write,
)
from texts import LANGUAGES, read_catalogue, say
from views.contacts.page import PARTS, explain, find_thin_data, rank

REPORT_DAY = "2022-10-31"
CHIBA = "中核地域生活支援センターほっとねっと"
TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Card:
    """What stands on one card: place, name, score, points with their sentences, all words."""

    place: str
    name: str
    score: float
    reasons: dict[str, float]
    words: str


def draw() -> None:
    from views import contacts, frame

    contacts.show(frame.choose_context())


def open_page(**address: str) -> AppTest:
    page = AppTest.from_function(draw, default_timeout=60)
    for name, value in {"date": REPORT_DAY, **address}.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def read_cards(page: AppTest) -> list[Card]:
    parts = read_html(page).split('<li><div class="place">')[1:]
    return [_read_card(part) for part in parts]


def _read_card(html: str) -> Card:
    reasons = re.findall(r'<span class="\w+">\+([\d.]+)</span>([^<]+)</li>', html)
    score = re.search(r'<div class="score"><b>([\d.]+)', html)
    name = re.search(r"<h4>([^<]+)</h4>", html)
    place_shown = re.search(r"</small>(\d+)</div>", html)
    assert score
    assert name
    assert place_shown
    return Card(
        place_shown[1],
        unescape(name[1]),
        float(score[1]),
        {unescape(text): float(points) for points, text in reasons},
        unescape(TAG.sub(" ", html)),
    )


def write_partners(store: Store, *more: Records) -> None:
    write(
        store,
        [agency(FACILITY), agency("a", phone="043-300-9500"), agency("b")],
        partner_list("l", "2022-03-01", "a", "b"),
        *more,
    )


def test_the_ranking_of_the_sample_with_shared_places(sample_store: Store) -> None:
    cards = read_cards(open_page())
    assert [(card.place, card.score, card.name) for card in cards] == [
        ("1", 5.0, "大宮区の不動産会社（例）"),
        ("1", 5.0, "川越市の精神科病院（例）"),
        ("1", 5.0, "越谷市の民生児童委員（例）"),
        ("1", 5.0, "埼玉の依存症当事者団体（例）"),
        ("5", 4.0, "大宮のハローワーク（例）"),
        ("5", 4.0, "川口市の協力雇用主（例）"),
        ("7", 3.0, "川口市の基幹相談支援センター（例）"),
        ("7", 3.0, "埼玉の弁護士・法テラス（例）"),
        ("9", 1.0, "大宮区の訪問看護ステーション（例）"),
    ]


@pytest.mark.parametrize("on", [REPORT_DAY, "2026-11-22"])
def test_the_parts_shown_sum_to_the_score(sample_store: Store, on: str) -> None:
    for card in read_cards(open_page(date=on, contacts_size="all")):
        assert sum(card.reasons.values()) == card.score


def test_a_card_says_why_what_and_through_whom(sample_store: Store) -> None:
    card = read_cards(open_page())[1]
    assert card.reasons == {
        "リストにありますが、まだ説明していません": 3.0,
        "「医療」の分野で支援している機関は、一つだけです": 1.0,
        "関係が緊張しています": 1.0,
    }
    for text in ("医療", "○ 掲載のみ", "依存症の治療", "大宮区の訪問看護ステーション（例）"):
        assert text in card.words
    assert say("contacts.fact.no_last_contact") in card.words


def test_resting_agencies_stand_apart(sample_store: Store) -> None:
    page = open_page(contacts_size="all")
    assert "埼玉県BBS連盟" not in [card.name for card in read_cards(page)]
    resting = read_html(page).split('class="contacts-resting">')[1]
    assert "埼玉県BBS連盟" in resting
    assert "2022年5月 から辞退・休止。いつまでかは記録にありません" in resting


def test_a_rest_with_an_end_says_until_when(store: Store) -> None:
    write_partners(store, event("declined", "2022-05", "a", until=day("2023-03")))
    page = open_page()
    assert "2022年5月 から 2023年3月 まで休止" in read_words(page)
    assert [card.name for card in read_cards(page)] == ["b"]
    assert [card.name for card in read_cards(open_page(date="2023-04-01"))] == ["a", "b"]


def test_how_many_are_shown_is_chosen_and_kept_in_the_address(sample_store: Store) -> None:
    page = open_page(contacts_size="5")
    assert len(read_cards(page)) == 5
    assert "連絡する理由があるのは 9 機関。上から 5 機関" in read_words(page)
    page.segmented_control(key="contacts_size").set_value("all").run()
    assert len(read_cards(page)) == 9
    assert page.query_params["contacts_size"] == "all"


def test_what_the_ranking_cannot_lean_on_is_said(sample_store: Store) -> None:
    words = read_words(open_page())
    for name in ("no_referrals", "no_feelings", "no_phones"):
        assert say(f"contacts.thin.{name}") in words
    rows = queries.ask(sample_store, "ecomap_facilities")
    chiba = next(row["organization_id"] for row in rows if row["name"] == CHIBA)
    words = read_words(open_page(facility=chiba))
    assert say("contacts.thin.no_referrals") not in words


def test_equal_points_are_called_meaningless(store: Store) -> None:
    write_partners(store)
    words = read_words(open_page())
    for name in ("same_score", "no_contacts", "no_introducers"):
        assert say(f"contacts.thin.{name}") in words


def test_a_changed_contact_person_and_a_long_silence_are_reasons(store: Store) -> None:
    write_partners(
        store,
        event("explained", "2021-11-01", "a"),
        event("support_started", "2021-11-01", "a"),
        event("contact_changed", "2022-04", "a"),
    )
    card = next(card for card in read_cards(open_page()) if card.name == "a")
    assert card.reasons == {
        "担当者が変わってから、まだ連絡していません": 1.5,
        "最後の連絡から 9 か月たっています": 0.75,
    }
    assert "2021年11月1日" in card.words


def test_anxiety_and_tension_are_told_apart(store: Store) -> None:
    told = [event("explained", REPORT_DAY, name) for name in ("a", "b")]
    level = [event("anxiety", REPORT_DAY, name, value=3.0) for name in ("a",)]
    tension: Records = [tie(FACILITY, "b", quality="stressful")]
    write_partners(store, *told, *level, tension)
    cards = {card.name: card for card in read_cards(open_page())}
    assert cards["a"].reasons["不安度が高くなっています"] == 1.0
    assert cards["b"].reasons["関係が緊張しています"] == 1.0


def test_referrals_to_the_area_and_a_telephone_link(store: Store) -> None:
    write_partners(
        store,
        area("T"),
        [serves("a", "T")],
        referral("r", "b", "a", notified_on=day("2022-05-01")),
        [place("DESIRES", "r", "T")],
    )
    page = open_page()
    card = next(card for card in read_cards(page) if card.name == "a")
    assert card.reasons["対象地域への紹介が 1 件ありました"] == 0.5
    assert '<a href="tel:0433009500">043-300-9500</a>' in read_html(page)
    assert say("contacts.thin.no_phones") not in read_words(page)


def test_an_agency_that_only_an_earlier_list_names_is_ranked_too(store: Store) -> None:
    write_partners(store, partner_list("later", "2022-06-01", "b"))
    cards = {card.name: card for card in read_cards(open_page())}
    assert say("contacts.fact.no_expected") in cards["a"].words


def test_nobody_to_contact_is_good_news(store: Store) -> None:
    started = [
        event(kind, REPORT_DAY, name)
        for kind in ("explained", "support_started")
        for name in ("a", "b")
    ]
    write_partners(store, *started)
    page = open_page()
    assert [message.value for message in page.success] == [say("contacts.nobody")]
    assert not read_cards(page)


def test_before_the_first_list_and_without_any(store: Store) -> None:
    page = open_page()
    assert [info.value for info in page.info] == [say("contacts.empty")]
    write_partners(store)
    page = open_page(date="2022-02-01")
    assert [info.value for info in page.info] == [say("contacts.too_early")]


def test_in_english(sample_store: Store) -> None:
    page = open_page(lang="en")
    assert list(read_cards(page)[0].reasons) == [
        "Listed, but not told yet",
        "Nobody in the field “Business” supports yet",
    ]
    assert [heading.value for heading in page.subheader] == [
        "Contacts planned",
        "Next contacts",
        "The next contacts as a set",
        "Records still missing",
        "Not to be contacted now",
    ]


def test_names_cannot_become_markup(store: Store) -> None:
    write(
        store,
        [agency(FACILITY), agency("a", name="<b>&", phone='1"><script>')],
        partner_list("l", "2022-03-01", "a"),
    )
    html = read_html(open_page())
    assert "<h4>&lt;b&gt;&amp;</h4>" in html
    assert "<script" not in html


POINTS = st.fixed_dictionaries(
    {
        "not_told": st.sampled_from([0.0, 1.0, 3.0]),
        "fills_gap": st.sampled_from([0.0, 1.0, 2.0]),
        "demand": st.sampled_from([0.0, 0.5, 1.0, 1.5, 2.0]),
        "anxious": st.sampled_from([0.0, 1.0, 2.0]),
        "contact_changed": st.sampled_from([0.0, 1.5]),
        "silent": st.sampled_from([0.25 * quarters for quarters in range(7)]),
    }
)


@given(POINTS, st.one_of(st.none(), st.floats(1, 5)))
def test_reasons_sum_to_the_score_and_have_words(
    row: dict[str, float], anxiety: float | None
) -> None:
    reasons = explain(row, anxiety)
    assert sum(reason.points for reason in reasons) == sum(row[part] for part in PARTS)
    points = [reason.points for reason in reasons]
    assert points == sorted(points, reverse=True)
    for reason in reasons:
        for language in LANGUAGES:
            assert say(reason.key, language, field="福祉", **reason.values)


@given(st.lists(st.sampled_from([0.25, 1.0, 3.0, 5.0])))
def test_a_rank_counts_those_before_it(scores: list[float]) -> None:
    falling = sorted(scores, reverse=True)
    assert rank(falling) == [1 + sum(o > score for o in falling) for score in falling]


def test_every_thin_record_has_words() -> None:
    partner = {"agreement": None, "anxiety": None, "last_contact_on": None, "phone": None}
    row = {"score": 1.0, "demand": 0.0, "introducers": []}
    thin = find_thin_data([row, row], [partner])
    assert {f"contacts.thin.{name}" for name in thin} < set(read_catalogue())
    assert len(thin) == 6
