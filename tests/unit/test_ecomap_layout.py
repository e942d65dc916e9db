"""Places: nobody overlaps, nobody moves."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.pictures.layout import (
    CANVAS_HEIGHT,
    CANVAS_WIDTH,
    CAPACITY,
    SECTORS,
    assign_slots,
    find_home,
    place_slot,
    seat,
    settle,
)
from graph.pictures.notation import FIELDS

fields = st.sampled_from(sorted(FIELDS))
networks = st.lists(fields, min_size=1, max_size=40).map(
    lambda drawn: [(f"o{number}", field) for number, field in enumerate(drawn)]
)


def test_forty_places_or_more() -> None:
    assert CAPACITY >= 40


def test_no_two_slots_overlap_and_all_are_on_the_canvas() -> None:
    rects = [place_slot(slot) for slot in range(CAPACITY)]
    for index, one in enumerate(rects):
        assert one.left >= 0 and one.right <= CANVAS_WIDTH
        assert one.top >= 40 and one.bottom <= CANVAS_HEIGHT - 80
        for other in rects[index + 1 :]:
            apart_across = one.right < other.left or other.right < one.left
            apart_down = one.bottom < other.top or other.bottom < one.top
            assert apart_across or apart_down


@pytest.mark.parametrize("slot", [-1, CAPACITY])
def test_a_slot_off_the_canvas_has_no_place(slot: int) -> None:
    with pytest.raises(ValueError, match="slot"):
        place_slot(slot)


@given(networks)
@settings(deadline=None)
def test_any_forty_agencies_all_find_a_slot_of_their_own(network: list[tuple[str, str]]) -> None:
    given_slots = assign_slots({}, network)
    assert set(given_slots) == {name for name, _ in network}
    assert len(set(given_slots.values())) == len(network)


@given(networks, st.data())
@settings(deadline=None)
def test_coming_and_going_moves_nobody(network: list[tuple[str, str]], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(network)))
    slots = dict(assign_slots({}, network[:first]))
    before = dict(slots)
    newcomers = data.draw(st.permutations(network[first:]))
    slots |= assign_slots(slots, newcomers)
    leaving = data.draw(st.sets(st.sampled_from([name for name, _ in network])))
    stay = data.draw(st.permutations([pair for pair in network if pair[0] not in leaving]))
    seating = seat([(name, field, slots[name]) for name, field in stay])
    for name, _ in stay:
        assert seating.slots[name] == slots[name]
        assert before.get(name, slots[name]) == slots[name]
    assert not seating.hidden


@given(networks)
@settings(deadline=None)
def test_who_sits_where_does_not_depend_on_the_order(network: list[tuple[str, str]]) -> None:
    wanted = [(name, field, None) for name, field in network]
    assert seat(wanted) == seat(wanted[::-1])


def test_a_field_alone_in_its_sector_sits_at_home() -> None:
    network = [(field, field) for field in FIELDS]
    slots = assign_slots({}, network)
    assert slots == {field: find_home(field) for field in FIELDS}


def test_a_field_of_twelve_leaves_the_other_fields_their_homes() -> None:
    slots = assign_slots({}, [(f"w{number}", "welfare") for number in range(12)])
    homes = {find_home(field) for field in FIELDS if field != "welfare"}
    assert len(slots) == 12
    assert not homes & set(slots.values())


def test_the_first_agencies_of_a_field_stay_in_its_sector() -> None:
    slots = assign_slots({}, [(f"w{number}", "welfare") for number in range(4)])
    assert set(slots.values()) == set(SECTORS["welfare"])


def test_nobody_gets_a_second_slot() -> None:
    assert assign_slots({"a": 7}, [("a", "welfare"), ("b", "welfare")]).keys() == {"b"}


def test_more_than_the_canvas_holds_are_hidden_and_counted() -> None:
    wanted = [(f"o{number:03}", "welfare", None) for number in range(CAPACITY + 9)]
    seating = seat(wanted)
    assert len(seating.slots) == CAPACITY
    assert len(seating.hidden) == 9


def test_two_agencies_of_one_stored_slot_do_not_share_it() -> None:
    seating = seat([("a", "kin", 5), ("b", "kin", 5), ("c", "kin", 999)])
    assert seating.slots["a"] == 5
    assert len(set(seating.slots.values())) == 3


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(KeyError):
        assign_slots({}, [("a", "space travel")])


wishes = st.lists(
    st.tuples(fields, st.none() | st.integers(-1, CAPACITY + 1)), min_size=1, max_size=60
).map(lambda drawn: [(f"o{n}", field, slot) for n, (field, slot) in enumerate(drawn)])


@given(wishes, st.data())
@settings(deadline=None)
def test_settling_gives_each_a_slot_of_its_own_and_later_comers_move_nobody(
    comers: list[tuple[str, str, int | None]], data: st.DataObject
) -> None:
    slots = settle(comers)
    assert len(set(slots.values())) == len(slots) == min(len(comers), CAPACITY)
    first: dict[int, str] = {}
    for name, _, slot in comers:
        if slot is not None and 0 <= slot < CAPACITY:
            first.setdefault(slot, name)
    assert {name: slots[name] for name in first.values()} == {n: s for s, n in first.items()}
    late = [(f"late{n}", data.draw(fields), None) for n in range(5)]
    later = settle([*comers, *late])
    assert {name: later[name] for name in slots} == slots


def test_a_guest_gets_a_seat_of_somebody_who_is_none() -> None:
    full = [(f"o{slot:02}", "welfare", slot) for slot in range(CAPACITY)]
    seating = seat([*full, ("guest", "kin", None)], guests={"guest", "o00"})
    assert seating.slots["guest"] in range(CAPACITY)
    assert seating.slots["o00"] == 0
    assert len(seating.hidden) == 1
    kept = set(seating.slots) - {"guest"}
    assert all(seating.slots[name] == int(name[1:]) for name in kept)


def test_a_full_picture_of_guests_has_no_seat_for_another() -> None:
    full = [(f"o{slot:02}", "welfare", slot) for slot in range(CAPACITY)]
    everybody = {name for name, *_ in full} | {"late"}
    assert seat([*full, ("late", "kin", None)], guests=everybody).hidden == ("late",)
