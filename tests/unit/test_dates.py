"""Dates as people write them; see FACTS.md B for the doubtful ones."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from graph.dates import (
    PartialDate,
    Precision,
    find_era,
    name_fiscal_year,
    read_iso_date,
    read_stored_date,
)
from loaders.dates import parse_date, parse_fiscal_year
from loaders.problems import BadValue
from texts import Voice, say
from texts.dates import DATE_FORMS, DateForm

FOURTH_OF_OCTOBER = (
    "R4.10.4",
    "r4.10.4",
    "R4/10/4",
    "Ｒ４．１０．４",
    "R.4.10.4",
    "令和4年10月4日",
    "令和 4 年 10 月 4 日",
    "令和四年十月四日",
    "令和四年一〇月四日",
    "令4.10.4",
    "㋿4年10月4日",
    "２０２２年１０月４日",
    "二〇二二年十月四日",
    "2022-10-04",
    "2022ー10ー4",
    "2022/10/4",
    "2022.10.4",
    "20221004",
    "2022年10月4日(火)",
    "2022/10/4 0:00",
    "2022-10-04T12:30:00",
    20221004,
    20221004.0,
    44838,
    44838.0,
    44838.75,
    date(2022, 10, 4),
    datetime(2022, 10, 4, 12, 30),
)


@pytest.mark.parametrize("cell", FOURTH_OF_OCTOBER)
def test_every_spelling_of_a_day_is_that_day(cell: object) -> None:
    found = parse_date(cell)
    assert (found.first, found.precision) == (date(2022, 10, 4), "day")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("R2.12.●", "2020-12"),
        ("R2.12.● (仮釈放)", "2020-12"),
        ("R3.1.●", "2021-01"),
        ("R2.●.●", "2020"),
        ("令和二年十二月〇日", "2020-12"),
        ("2020-12-xx", "2020-12"),
        ("2020/12/？", "2020-12"),
        ("令和2年12月上旬", "2020-12"),
        ("平成31年4月", "2019-04"),
        ("令和元年5月", "2019-05"),
        ("平成元年1月", "1989-01"),
        ("2022年10月", "2022-10"),
        ("2022/10", "2022-10"),
        ("2022", "2022"),
        (2022, "2022"),
        ("令和4年", "2022"),
        ("令和元年5月1日", "2019-05-01"),
        ("H31/4/30", "2019-04-30"),
        ("S64.1.7", "1989-01-07"),
        ("T1.7.30", "1912-07-30"),
        ("M45.7.30", "1912-07-30"),
        ("2024-02-29", "2024-02-29"),
        ("令和4年4月頃", "2022-04"),
        ("令和４年４月ごろ（予定）", "2022-04"),
        ("令和4年度", "2022-04-01/2023-03-31"),
        ("令和元年度頃", "2019-04-01/2020-03-31"),
        ("Ｒ４年度", "2022-04-01/2023-03-31"),
        ("2022年度", "2022-04-01/2023-03-31"),
        ("平成31年4月30日", "2019-04-30"),
        ("㍻31年4月30日", "2019-04-30"),
        ("R4・4・1", "2022-04-01"),
        ("令和4年4月1日付", "2022-04-01"),
    ],
)
def test_a_date_is_as_exact_as_it_was_written(cell: object, expected: str) -> None:
    found = parse_date(cell)
    assert found.isoformat() == expected
    assert found.as_written == str(cell)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("平成40年", "outside_era"),
        ("R1.4.30", "outside_era"),
        ("令和元年4月", "outside_era"),
        ("H31.5.1", "outside_era"),
        ("H1.1.7", "outside_era"),
        ("S64.1.8", "outside_era"),
        ("R0.1.1", "outside_era"),
        ("2022/13/1", "no_such_month"),
        ("2022/0/1", "no_such_month"),
        ("R4.十十.4", "no_such_month"),
        ("2022-02-30", "no_such_day"),
        ("2023-02-29", "no_such_day"),
        ("20220431", "no_such_day"),
        ("2022-10-0", "no_such_day"),
        ("6月2日", "year_missing"),
        ("6/2", "year_missing"),
        ("22/10/4", "short_year"),
        ("1800-01-01", "year_out_of_range"),
        ("M1.12.1", "year_out_of_range"),
        ("2999-01-01", "year_out_of_range"),
        ("R4.10.4～R4.10.6", "not_a_date"),
        ("H3 1", "not_a_date"),
        ("2022-●-04", "not_a_date"),
        ("平成40年度", "outside_era"),
        ("2999年度", "year_out_of_range"),
        ("昨年度", "not_a_year"),
        ("不明", "not_a_date"),
        ("", "not_a_date"),
        (None, "not_a_date"),
        (True, "not_a_date"),
        (2022.1, "not_a_date"),
        (float("nan"), "not_a_date"),
        (float("inf"), "not_a_date"),
        (-5, "not_a_date"),
    ],
)
def test_a_cell_that_is_no_date_says_why(cell: object, code: str) -> None:
    with pytest.raises(BadValue) as caught:
        parse_date(cell)
    assert caught.value.code == f"loaders.date.{code}"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("6月2日", "2020-06-02"),
        ("6/2", "2020-06-02"),
        ("４月１日", "2020-04-01"),
        ("十二月三十一日", "2020-12-31"),
        ("1月5日", "2021-01-05"),
        ("3月31日", "2021-03-31"),
        ("3月●日", "2021-03"),
        ("R2.7.●", "2020-07"),
    ],
)
def test_a_fiscal_year_completes_a_month_and_day(cell: str, expected: str) -> None:
    assert parse_date(cell, fiscal_year=2020).isoformat() == expected


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)))
def test_a_fiscal_year_begins_in_april(day: date) -> None:
    assert name_fiscal_year(day) == (day.year if day.month > 3 else day.year - 1)


def test_a_stored_date_is_read_as_it_was_written() -> None:
    row = {"due_on": date(2022, 10, 1), "due_on_precision": "month", "due_on_text": "R4.10"}
    assert read_stored_date(row, "due_on") == PartialDate(date(2022, 10, 1), "month", "R4.10")
    assert read_stored_date(dict.fromkeys(row), "due_on") is None
    with pytest.raises(KeyError):
        read_stored_date(row, "until")


def test_29_february_follows_the_calendar_year_of_its_fiscal_year() -> None:
    assert parse_date("2月29日", fiscal_year=2023).isoformat() == "2024-02-29"
    with pytest.raises(BadValue):
        parse_date("2月29日", fiscal_year=2024)


@pytest.mark.parametrize(
    ("cell", "year"),
    [
        (2020, 2020),
        (2020.0, 2020),
        ("2020年度", 2020),
        ("2020年", 2020),
        ("令和2年度", 2020),
        ("令和二年度", 2020),
        ("令和元年度", 2019),
        ("Ｈ３１年度", 2019),
        ("R2", 2020),
    ],
)
def test_fiscal_years_in_usual_spellings(cell: object, year: int) -> None:
    assert parse_fiscal_year(cell) == year


@pytest.mark.parametrize("cell", ["平成40年度", "20", "", None, "R2.4.1", "99999", 12020])
def test_other_things_are_no_fiscal_year(cell: object) -> None:
    with pytest.raises(BadValue):
        parse_fiscal_year(cell)


KANJI = "〇一二三四五六七八九"


def kanji_number(number: int) -> str:
    tens, ones = divmod(number, 10)
    return (
        ("" if tens < 2 else KANJI[tens]) + ("十" if tens else "") + (KANJI[ones] if ones else "")
    )


def spell(day: date) -> list[object]:
    era, letter, year = (
        ("令和", "R", day.year - 2018)
        if day >= date(2019, 5, 1)
        else ("平成", "H", day.year - 1988)
        if day >= date(1989, 1, 8)
        else ("昭和", "S", day.year - 1925)
    )
    in_kanji = "元" if year == 1 else kanji_number(year)
    m, d = day.month, day.day
    plain = f"{day.year}/{m}/{d}"
    return [
        day,
        datetime(day.year, m, d, 23, 59),
        (day - date(1899, 12, 30)).days,
        day.isoformat(),
        plain,
        plain.replace("/", "."),
        day.strftime("%Y%m%d"),
        int(day.strftime("%Y%m%d")),
        f"{day.year}年{m}月{d}日",
        f"{day.year}年{m}月{d}日".translate({ord(str(n)): ord("０") + n for n in range(10)}),
        f"{letter}{year}.{m}.{d}",
        f"{letter}{year}/{m:02}/{d:02}",
        f"{era}{year}年{m}月{d}日",
        f"{era}{in_kanji}年{kanji_number(m)}月{kanji_number(d)}日",
    ]


@given(st.dates(date(1930, 1, 1), date(2099, 12, 31)))
def test_any_day_comes_back_from_every_spelling(day: date) -> None:
    assert {parse_date(cell).first for cell in spell(day)} == {day}
    assert {parse_date(cell).precision for cell in spell(day)} == {"day"}


@given(st.dates(date(2020, 4, 1), date(2021, 3, 31)))
def test_any_day_of_a_fiscal_year_comes_back_without_its_year(day: date) -> None:
    assert parse_date(f"{day.month}月{day.day}日", fiscal_year=2020).first == day


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.text(alphabet="0123456789０９.,/-ー年月日令和平成RHST元十二〇●?()（） 頃"),
    st.datetimes(),
    st.dates(),
    st.times(),
    st.timedeltas(),
    st.binary(),
)


@given(CELLS, st.one_of(st.none(), st.integers()))
def test_no_cell_ever_raises_anything_else(cell: object, fiscal_year: int | None) -> None:
    for parse in (
        lambda: parse_date(cell, fiscal_year=fiscal_year),
        lambda: parse_fiscal_year(cell),
    ):
        try:
            parse()
        except BadValue as problem:
            assert problem.code.startswith("loaders.date.")


def test_last_is_the_last_possible_day() -> None:
    assert parse_date("2020年2月").last == date(2020, 2, 29)
    assert parse_date("2020").last == date(2020, 12, 31)
    assert parse_date("2020-02-03").last == date(2020, 2, 3)


def test_dates_sort_by_first_day_and_the_more_exact_first() -> None:
    texts = ["2021", "2020-12-01", "2020-12", "2020", "2020-11-30"]
    in_order = sorted(parse_date(text) for text in texts)
    assert [day.isoformat() for day in in_order] == [
        "2020",
        "2020-11-30",
        "2020-12-01",
        "2020-12",
        "2021",
    ]


def test_a_month_must_begin_on_its_first_day() -> None:
    with pytest.raises(ValueError, match="month"):
        PartialDate(date(2020, 12, 2), "month", "R2.12")


def test_a_fiscal_year_reads_back_from_iso_as_it_was() -> None:
    year = parse_date("令和4年度")
    assert (year.first, year.last) == (date(2022, 4, 1), date(2023, 3, 31))
    assert read_iso_date(year.isoformat(), "令和4年度") == year
    with pytest.raises(ValueError, match="expected"):
        read_iso_date("2022-04-01/2024-03-31")


@given(st.dates(date(1000, 1, 1)), st.sampled_from([4, 7, 10]))
def test_iso_text_reads_back_as_it_was(day: date, length: int) -> None:
    text = day.isoformat()[:length]
    assert read_iso_date(text, "as written").isoformat() == text
    assert read_iso_date(text, "as written").as_written == "as written"


@pytest.mark.parametrize("text", ["", "2020-1", "2020-13", "2020-02-30", "20-01-01"])
def test_other_text_is_no_iso_date(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_iso_date(text)


@pytest.mark.parametrize(
    ("form", "language", "expected"),
    [
        ("iso", "ja", ("2022-10-04", "2022-10", "2022", "2022年度")),
        ("long", "ja", ("2022年10月4日", "2022年10月", "2022年", "2022年度")),
        ("era", "ja", ("令和4年10月4日", "令和4年10月", "令和4年", "令和4年度")),
        ("iso", "en", ("2022-10-04", "2022-10", "2022", "FY 2022")),
        ("long", "en", ("4 October 2022", "October 2022", "2022", "FY 2022")),
        ("era", "en", ("4 October, Reiwa 4", "October, Reiwa 4", "Reiwa 4", "FY Reiwa 4")),
    ],
)
def test_a_day_is_written_as_the_reader_chose_and_no_more_exact_than_it_is_known(
    form: DateForm, language: Literal["ja", "en"], expected: tuple[str, ...]
) -> None:
    voice = Voice(language, form)
    precisions = ("day", "month", "year", "fiscal_year")
    day = date(2022, 10, 4)
    assert tuple(voice.write_date(day, precision) for precision in precisions) == expected
    assert voice.write_date(day) == expected[0]
    assert voice.say("ecomap.as_of", date=day).replace(expected[0], "") in {" 現在", "As of "}
    assert (voice.write_date(None), voice.write_short(None)) == ("", "")


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(1912, 7, 29), "明治45年7月29日"),
        (date(1868, 10, 22), "1868年10月22日"),  # before 明治 no era is written
    ],
)
def test_an_era_is_that_of_the_day(day: date, written: str) -> None:
    assert Voice("ja", "era").write_date(day) == written


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("iso", ["2022-03-01", "2022-03", "2022"]),
        ("long", ["2022/03/01", "2022/03", "2022"]),
        ("era", ["R04.03.01", "R04.03", "R04"]),
    ],
)
def test_a_day_of_a_table_is_short(form: DateForm, expected: list[str]) -> None:
    voice = Voice("ja", form)
    day = date(2022, 3, 1)
    assert [voice.write_short(day, known) for known in ("day", "month", "year")] == expected
    assert voice.write_time(datetime(2022, 3, 1, 9, 5)) == f"{expected[0]} 09:05"


def test_without_a_choice_japanese_reads_years_and_english_iso() -> None:
    assert say("ecomap.as_of", "ja", date=date(2022, 10, 4)) == "2022年10月4日 現在"
    assert say("ecomap.as_of", "en", date=date(2022, 10, 4)) == "As of 2022-10-04"


@given(
    st.dates(date(1873, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["day", "month", "year", "fiscal_year"]),
    st.sampled_from(DATE_FORMS),
    st.booleans(),
)
def test_what_is_written_reads_back_as_exact_as_it_was(
    day: date, precision: Precision, form: DateForm, short: bool
) -> None:
    assume(precision != "fiscal_year" or day >= date(1873, 4, 1))  # 1872 is not read
    voice = Voice("ja", form)
    written = (voice.write_short if short else voice.write_date)(day, precision)
    read = parse_date(written)
    assert read.precision == precision
    assert read.first <= day <= read.last


@given(st.lists(st.dates(date(2019, 5, 1), date(2099, 12, 31))), st.sampled_from(DATE_FORMS))
def test_days_of_a_table_sort_as_text_within_an_era(days: list[date], form: DateForm) -> None:
    voice = Voice("ja", form)
    assert sorted(map(voice.write_short, days)) == [voice.write_short(d) for d in sorted(days)]


@given(st.dates())
def test_an_era_holds_its_days(day: date) -> None:
    era = find_era(day)
    assert (era is None) == (day < date(1868, 10, 23))
    assert era is None or era.first <= day <= era.last
