"""Telephone numbers in the spellings found in office lists."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.phones import parse_phone, read_dialled_digits
from loaders.problems import BadValue


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("048-123-4567", "048-123-4567"),
        ("０４８（１２３）４５６７", "048-123-4567"),
        ("(048)123-4567", "048-123-4567"),
        ("048 123 4567", "048-123-4567"),
        ("048.123.4567", "048-123-4567"),
        ("048−123‐4567", "048-123-4567"),
        ("048ー123ｰ4567", "048-123-4567"),
        ("048—123―4567", "048-123-4567"),
        ("48-123-4567", "048-123-4567"),
        ("+81-48-123-4567", "048-123-4567"),
        ("+81 (0)48-123-4567", "048-123-4567"),
        ("TEL:048-123-4567(代)", "048-123-4567"),
        ("℡048-123-4567（代表）", "048-123-4567"),
        ("04-7123-4567", "04-7123-4567"),
        ("09802-2-1234", "09802-2-1234"),
        ("0481234567", "0481234567"),
        ("048-1234567", "0481234567"),
        (481234567, "0481234567"),
        (481234567.0, "0481234567"),
        ("481234567", "0481234567"),
        ("0312345678", "03-1234-5678"),
        (312345678, "03-1234-5678"),
        ("0612345678", "06-1234-5678"),
        (9012345678, "090-1234-5678"),
        ("090 1234 5678", "090-1234-5678"),
        ("05012345678", "050-1234-5678"),
        ("0120123456", "0120-123-456"),
        (120123456, "0120-123-456"),
        ("0800-123-4567", "0800-123-4567"),
        ("0570-012345", "0570-012-345"),
        ("048-123-4567 (内線 123)", "048-123-4567 内線123"),
        ("048-123-4567内１２３", "048-123-4567 内線123"),
        ("048-123-4567 ext. 12", "048-123-4567 内線12"),
        ("048-123-4567(代)内線5", "048-123-4567 内線5"),
    ],
)
def test_one_number_has_one_spelling(cell: object, expected: str) -> None:
    assert parse_phone(cell) == expected


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("048-123-4567、048-123-4568", "several_numbers"),
        ("048-123-4567\n048-123-4568", "several_numbers"),
        ("123", "impossible_number"),
        ("048-123-45678", "impossible_number"),
        ("000-0000-0000", "impossible_number"),
        (1234567890123, "impossible_number"),
        ("+1-202-555-0101", "not_a_phone"),
        ("048-123-456\ufffd", "not_a_phone"),
        ("なし", "not_a_phone"),
        ("", "not_a_phone"),
        (None, "not_a_phone"),
        (True, "not_a_phone"),
        ("0" * 61, "not_a_phone"),
    ],
)
def test_what_is_no_number_is_refused_with_its_reason(cell: object, code: str) -> None:
    with pytest.raises(BadValue) as caught:
        parse_phone(cell)
    assert caught.value.code == f"loaders.phone.{code}"


@given(
    st.one_of(
        st.text(),
        st.text(alphabet="0123456789０９-ー−() （）内線ext+.代TEL、"),
        st.integers(),
        st.floats(),
        st.none(),
        st.dates(),
    )
)
def test_the_result_is_canonical_or_the_cell_is_refused(cell: object) -> None:
    try:
        phone = parse_phone(cell)
    except BadValue as problem:
        assert problem.code.startswith("loaders.phone.")
        return
    assert re.fullmatch(r"0[0-9-]{9,12}( 内線[0-9]{1,6})?", phone)
    assert len(read_dialled_digits(phone)) in {10, 11}
    assert parse_phone(phone) == phone


@given(
    st.from_regex(r"0[1-9][0-9]-[0-9]{3}-[0-9]{4}", fullmatch=True),
    st.sampled_from("-−‐—ー－"),
)
def test_any_kind_of_dash_dials_the_same_digits(phone: str, dash: str) -> None:
    dialled = phone.replace("-", "")
    assert read_dialled_digits(parse_phone(phone.replace("-", dash))) == dialled
    assert read_dialled_digits(parse_phone(int(dialled))) == dialled
