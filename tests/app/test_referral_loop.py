"""The tab 返事と結果: who waits, the forms by which a loop is closed, the rates."""

from __future__ import annotations

from datetime import date

import queries
from graph.store import Store
from tests.app.page_text import find_table, read_words
from tests.app.test_paths import open_page
from tests.builders import FACILITY, agencies, agency, consent, day, partner_list, referral, write

TAB = {"tab": "loop", "date": "2022-10-14"}


def test_the_sample_says_what_is_open_and_why_some_failed(sample_store: Store) -> None:
    page = open_page(tab="loop", date="2020-11-18")
    words = read_words(page)
    assert "1 件が 2 営業日を超えて返事を待っています" in words
    assert "同意のない機関への紹介 2件" in words  # who waits is one of them
    assert {"2020-03", "2020-10"}.isdisjoint(row[1] for row in find_table(page, "通知日"))
    assert page.metric[0].value.endswith("%")
    refusals = [row for row in find_table(page, "理由")[1:] if row[2] == "本人辞退"]
    assert sum(int(row[-1]) for row in refusals) == 3
    assert find_table(page, "次にすること")[1][0] == "本人辞退"
    assert open_page(tab="loop", date="2020-11-18", wait="4").success


def test_an_answer_is_recorded_and_the_rates_follow(reference_store: Store) -> None:
    write(
        reference_store,
        agencies(FACILITY, "prison"),
        agency("clinic", field="medical"),
        partner_list("list", "2022-01-01", "clinic"),
        referral("r", "prison", "clinic", client="c1", status="pending",
                 notified_on=day("2022-10-03")),
    )  # fmt: skip
    page = open_page(facility=FACILITY, **TAB)
    assert [metric.value for metric in page.metric] == ["0／1 件", "―", "―", "1 件"]
    heard = next(box for box in page.selectbox if box.label == "聞いたこと")
    heard.set_value("no_capacity").run()
    assert "空く時期を聞いて" in page.info[0].value
    next(box for box in page.date_input if box.label == "その日").set_value(date(2022, 10, 5))
    next(box for box in page.text_input if box.label == "理由").set_value("満室")
    page.button[0].click().run()
    assert [metric.value for metric in page.metric] == ["1／1 件", "0／1 件", "2日", "0 件"]
    assert find_table(page, "理由")[1] == ["clinic", "医療", "空きなし", "満室", "1"]


def test_nothing_is_closed_without_an_outcome(reference_store: Store) -> None:
    write(reference_store, agencies(FACILITY, "a", "b"), partner_list("l", "2022-01-01", "a"),
          referral("r", "a", "b", status="accepted"))  # fmt: skip
    page = open_page(facility=FACILITY, **TAB)
    next(box for box in page.selectbox if box.label == "聞いたこと").set_value("closed").run()
    page.button[0].click().run()
    assert any("結果" in text.value and "空欄" in text.value for text in page.text)
    (row,) = queries.ask(reference_store, "referral_progress", as_of="2022-10-14")
    assert row["status"] == "accepted"


def test_a_new_referral_goes_on_from_an_open_one(reference_store: Store) -> None:
    write(reference_store, agencies(FACILITY, "a", "b", "c"), partner_list("l", "2022-01-01", "a"),
          referral("r", "a", "b", client="k", status="accepted"), consent("k", "c"))  # fmt: skip
    page = open_page(facility=FACILITY, **TAB)
    follows = next(box for box in page.selectbox if box.label.startswith("前の紹介"))
    follows.set_value("r").run()
    assert next(box for box in page.text_input if box.label == "仮名ID").value == "k"
    assert next(box for box in page.selectbox if box.label == "紹介元").value == "b"
    next(box for box in page.selectbox if box.label == "紹介先").set_value("c")
    page.button[1].click().run()
    assert not page.exception
    (path,) = queries.ask(reference_store, "recorded_paths")
    assert (path["agencies"], path["statuses"]) == (["a", "b", "c"], ["referred_on", "pending"])


def test_without_referrals_one_can_be_recorded(reference_store: Store) -> None:
    write(reference_store, agencies(FACILITY, "a"), partner_list("l", "2022-01-01", "a"))
    page = open_page(facility=FACILITY, **TAB)
    assert "紹介を記録する" in page.info[0].value
    assert page.button


def test_no_pseudonym_stands_in_the_address(sample_store: Store) -> None:
    page = open_page(**TAB)
    kept = [value for key, value in page.query_params.items() if key != "date"]
    assert not any("2020-" in str(value) for value in kept)
