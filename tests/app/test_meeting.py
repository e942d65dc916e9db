"""Minutes, decisions and saved views on the page エコマップ."""

from __future__ import annotations

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from graph.store import Store
from tests.builders import FACILITY, agencies, day, event, link, node, partner_list, tie, write
from texts import say
from views.ecomap.saved_views import DEFAULTS, find_place, write_address


def draw() -> None:
    from views import ecomap, frame

    ecomap.show(frame.choose_context())


def open_page(section: str, **query: str) -> AppTest:
    page = AppTest.from_function(draw, default_timeout=90)
    page.session_state[section] = True
    for key, value in query.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


def write_network(store: Store) -> None:
    write(
        store,
        agencies(FACILITY, "a", "b"),
        partner_list("l", "2022-03-01", "a"),
        tie(FACILITY, "b"),
        event("meeting", "2022-06-13", "a"),
    )


def press(page: AppTest, label: str) -> AppTest:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception
    assert not page.error
    return page


def type_into(page: AppTest, label: str, words: str) -> None:
    next(field for field in page.text_input if field.label == label).set_value(words)


def read_words(page: AppTest) -> str:
    return "\n".join(str(each.value) for each in (*page.text, *page.caption))


def test_a_note_and_a_decision_are_saved_with_one_press_and_the_owner_stays_inside(
    store: Store,
) -> None:
    write_network(store)
    page = open_page("minutes", date="2022-06-13")
    page.text_area[0].set_value("一行目\n二行目")
    type_into(page, say("minutes.label.text"), "訪問する")
    type_into(page, say("minutes.label.owner"), "佐藤")
    press(page, say("minutes.decide"))
    assert page.success[0].value == say("record.saved")
    assert "訪問する" in read_words(page)
    assert "佐藤" not in read_words(page)
    assert page.text_area[0].value == "一行目\n二行目"
    assert store.list_nodes("Minutes", ("held_on", "note")) == [
        {"held_on": date(2022, 6, 13), "note": "一行目\n二行目"}
    ]
    assert store.list_nodes("Task", ("text", "owner", "created_on")) == [
        {"text": "訪問する", "owner": "佐藤", "created_on": date(2022, 6, 13)}
    ]
    inside = open_page("minutes", date="2022-06-13", look="internal")
    assert "佐藤" in read_words(inside)


def test_a_decision_without_words_says_so_and_the_note_is_not_lost(store: Store) -> None:
    write_network(store)
    page = open_page("minutes", date="2022-06-13")
    page.text_area[0].set_value("大事なこと")
    next(each for each in page.button if each.label == say("minutes.decide")).click().run()
    assert page.error
    assert page.text_area[0].value == "大事なこと"
    assert store.list_nodes("Minutes", ("note",)) == []


def write_earlier(store: Store) -> None:
    write_network(store)
    write(
        store,
        [
            node("Minutes", "m", held_on=day("2022-06-13"), title="協議会", note="名前のある話"),
            link("OF", "Minutes m", f"Organization {FACILITY}"),
            *(
                node("Task", key, text=key, due_on=day(due), done_on=done and day(done))
                for key, due, done in (
                    ("open", "2100-01-01", None),
                    ("late", "2022-06-20", None),
                    ("done", "2022-06-20", "2022-06-19"),
                )
            ),
            *(
                link("CONTACTS", f"Task {key}", "Organization a")
                for key in ("open", "late", "done")
            ),
            *(link("DECIDED", "Minutes m", f"Task {key}") for key in ("open", "late", "done")),
        ],
    )


def test_an_earlier_note_is_read_in_the_room_only_when_it_is_opened(store: Store) -> None:
    write_earlier(store)
    page = open_page("minutes", date="2022-10-04")
    assert "協議会" in read_words(page)
    assert "名前のある話" not in read_words(page)
    next(each for each in page.toggle if each.label == say("minutes.open")).set_value(True).run()
    assert "名前のある話" in read_words(page)
    assert "名前のある話" in read_words(open_page("minutes", date="2022-10-04", look="internal"))


def test_each_decision_tells_whether_it_is_open_overdue_or_done(store: Store) -> None:
    write_earlier(store)
    words = read_words(open_page("minutes", date="2022-10-04"))
    assert "○ a ・ open" in words
    assert "⚠ a ・ late" in words
    assert "✔ a ・ done" in words
    assert say("minutes.done", day="2022年6月19日") in words


def test_a_note_changed_by_somebody_else_meanwhile_is_not_overwritten(store: Store) -> None:
    write_earlier(store)
    page = open_page("minutes", date="2022-06-13", look="internal")
    page.text_area[0].set_value("私の版").run()
    write(store, [node("Minutes", "m", held_on=day("2022-06-13"), title="協議会", note="別の版")])
    press(page, say("minutes.save"))
    assert page.warning[0].value == say("record.clash.title")
    assert store.list_nodes("Minutes", ("note",)) == [{"note": "別の版"}]
    press(page, say("record.clash.mine"))
    assert store.list_nodes("Minutes", ("note",)) == [{"note": "私の版"}]


def keep(page: AppTest, title: str) -> None:
    type_into(page, say("saved_views.label.title"), title)
    press(page, say("saved_views.keep"))


def list_titles(store: Store) -> list[str]:
    rows = store.list_nodes("SavedView", ("position", "title", "retired_on"))
    return [row["title"] for row in rows if row["retired_on"] is None]


def test_views_are_kept_put_in_order_renamed_and_taken_off(store: Store) -> None:
    write_network(store)
    page = open_page("saved_views", date="2022-06-13", look="internal", groups="true")
    for title in ("一", "二", "三"):
        keep(page, title)
    assert list_titles(store) == ["一", "二", "三"]
    [button for button in page.button if button.label == "↑"][2].click().run()
    assert list_titles(store) == ["一", "三", "二"]
    titles = [each for each in page.text_input if each.label == say("saved_views.label.title")]
    titles[1].set_value("はじめ")
    press(page, say("saved_views.rename_yes"))
    press(page, say("saved_views.remove_yes"))
    assert list_titles(store) == ["三", "二"]
    addresses = {row["address"] for row in store.list_nodes("SavedView", ("address",))}
    assert addresses == {"date=2022-06-13&look=internal&groups=true"}


def test_an_opened_view_shows_its_day_and_its_choices(store: Store) -> None:
    write_network(store)
    page = open_page("saved_views", date="2022-06-13", look="internal", groups="true")
    keep(page, "6月")
    page.date_input(key="date").set_value(date(2022, 10, 4)).run()
    page.toggle(key="groups").set_value(False).run()
    press(page, "1. 6月")
    assert page.date_input(key="date").value == date(2022, 6, 13)
    assert page.toggle(key="groups").value is True
    assert page.session_state["look"] == "internal"


def test_a_view_brings_back_whose_ecomap_it_was_what_narrowed_it_and_the_path(
    store: Store,
) -> None:
    write_network(store)
    address = {"date": "2022-06-13", "whose": "agency", "centre": "b", "path": f"a|{FACILITY}"}
    page = open_page("saved_views", **address, in_fields="welfare,medical")
    keep(page, "b のまわり")
    first = store.list_nodes("SavedView", ("address",))
    page.segmented_control(key="whose").set_value("facility").run()
    page.multiselect(key="in_fields").set_value([]).run()
    page.button(key="end_path").click().run()
    keep(page, "施設")
    for title in ("2. 施設", "1. b のまわり", "2. 施設", "1. b のまわり"):
        press(page, title)
        assert not page.warning
        around = title.startswith("1")
        assert page.session_state["whose"] == ("agency" if around else "facility")
        assert ("end_path" in [button.key for button in page.button]) is around
        assert ("in_fields" in page.query_params) is around
    assert page.multiselect(key="in_fields").value == ["welfare", "medical"]
    assert page.selectbox(key="centre").value == "b"
    assert first[0]["address"].startswith("date=2022-06-13&whose=agency&centre=b&in_fields=")


def test_an_address_holds_the_choices_of_the_page_and_nothing_else() -> None:
    choices = {**DEFAULTS, "groups": True, "whose": "client", "ecomap_client": "K-1"}
    assert write_address(date(2022, 6, 13), choices) == "date=2022-06-13&groups=true"


@pytest.mark.parametrize(
    ("here", "step", "place"),
    [(None, "next_view", 0), ("a", "next_view", 1), ("c", "next_view", None),
     ("a", "previous_view", None), ("c", "previous_view", 1), ("gone", "previous_view", 0)],
)  # fmt: skip
def test_a_step_goes_to_the_neighbour_and_stops_at_either_end(
    here: str | None, step: str, place: int | None
) -> None:
    assert find_place(["a", "b", "c"], here, step) == place  # type: ignore[arg-type]
    assert find_place([], here, step) is None  # type: ignore[arg-type]
