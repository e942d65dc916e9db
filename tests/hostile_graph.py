"""A graph full of texts that would run if a page took one for markup, and of personal marks.

`PAYLOADS` stand in every field that is shown, each payload in each field of some agency. `MARKS`
stand where only who may see persons or clients may read, and must reach no other browser.
"""

from __future__ import annotations

from typing import Final

from graph.records import Point, Record
from tests.builders import (
    FACILITY,
    Records,
    agency,
    consent,
    day,
    event,
    link,
    located,
    node,
    partner_list,
    referral,
    serves,
    tie,
)

_RUN: Final = "window.ran&&ran(1)"
PAYLOADS: Final = (
    f"<script>{_RUN}</script>",
    f"<ScRiPt>{_RUN}</sCrIpT>",
    f"<img src=x onerror={_RUN}>",
    f'"><img src=x onerror="{_RUN}">',
    f"'><svg onload={_RUN}>",
    f"<svg><script>{_RUN}</script></svg>",
    f"<svg><animate onbegin={_RUN} attributeName=x dur=1s>",
    f"</title><script>{_RUN}</script>",
    f"</style><script>{_RUN}</script>",
    f"</script><script>{_RUN}</script>",
    f"</text></svg><img src=x onerror={_RUN}>",
    f"--><script>{_RUN}</script>",
    f"]]><script>{_RUN}</script>",
    f"<iframe srcdoc='<script>parent.{_RUN}</script>'>",
    f"<iframe src=javascript:{_RUN}>",
    f"<a href=javascript:{_RUN}>x</a>",
    f"[x](javascript:{_RUN})",
    "[公式](http://192.0.2.1/) $x^2$ *太*",
    f"![x](http://192.0.2.1/x.png) <b onmouseover={_RUN}>x</b>",
    f"<details open ontoggle={_RUN}>x</details>",
    f"<input autofocus onfocus={_RUN}>",
    f"<video><source onerror={_RUN}></video>",
    f"<body onload={_RUN}>",
    f"<math><mtext></table><img src=x onerror={_RUN}>",
    f"<object data=javascript:{_RUN}></object>",
    "<link rel=stylesheet href=http://192.0.2.1/x.css>",
    "<meta http-equiv=refresh content='0;url=http://192.0.2.1/'>",
    "<style>*{background:url(http://192.0.2.1/x)}</style>",
    f"<base href=http://192.0.2.1/><form action=javascript:{_RUN}><button>x",
    f"' onmouseover='{_RUN}",
    f'" onmouseover="{_RUN}" x="',
    f"` onclick={_RUN} `",
    f"&lt;script&gt;{_RUN}&lt;/script&gt;",
    f"&#60;img src=x onerror={_RUN}&#62;",
    f"\\u003cscript\\u003e{_RUN}\\u003c/script\\u003e",
    "${" + _RUN + "}{{" + _RUN + "}}",
    f"$$\\href{{javascript:{_RUN}}}{{x}}$$ :red[x] :material/home:",
    f"\u202e<script>{_RUN}</script>\u2066",
    f"<img/src=x/onerror={_RUN}//",
    f"<<script>{_RUN}//<</script>",
    f"href=javascript:{_RUN} <a href='http://192.0.2.1' title='{_RUN}'>x</a>",
)
MARKS: Final = tuple(f"QZMARK{number:02}" for number in range(50))

_PLACES: Final = {"MATSUDO": "12207", "KASHIWA": "12217"}
_FIELDS: Final = (
    "administration", "welfare", "medical", "education", "justice", "community_group",
    "community_member", "workplace", "business", "kin",
)  # fmt: skip


def pick(number: int) -> str:
    """A payload; every field of every agency takes the next one."""
    return PAYLOADS[number % len(PAYLOADS)]


def make_hostile_graph() -> Records:
    """Everything a page shows: agencies, lists, people, clients, referrals, meetings, views."""
    keys = [f"a{number}" for number in range(len(PAYLOADS))]
    records: Records = [*_make_agency(FACILITY, 0), *partner_list("l0", "2022-02-01", keys[0])]
    for number, key in enumerate(keys):
        records += _make_agency(key, number + 1)
        records += _make_history(key, number)
        records.append(tie(FACILITY, key, note=pick(number + 5)))
        records.append(tie(key, keys[number - 1], quality="stressful", kind="introduction"))
    records += _make_list(keys)
    for number in range(10):
        records += _make_client(number)
    return [*records, *_make_meeting(), *_make_plan(keys)]


def _make_agency(key: str, number: int) -> Records:
    texts = ("short_name", "kana", "agency_type", "corporation", "hours", "conditions", "cost",
             "note", "address", "url", "email")  # fmt: skip
    own = {name: pick(number + place) for place, name in enumerate(texts, 1)}
    spot = Point(35.78 + number / 1_000, 139.90 + number / 1_000)
    area = list(_PLACES.values())[number % 2]
    return [
        agency(
            key, field=_FIELDS[number % 10], location=spot, location_accuracy="exact",
            municipality=area, **{**own, "name": f"{pick(number)} {number}"},
        ),
        located(key, area),
        serves(key, area),
        link("OFFERS", f"Organization {key}", "Support housing", as_written=pick(number + 12)),
    ]  # fmt: skip


def _make_history(key: str, number: int) -> Records:
    person = f"p{number}"
    records: Records = [
        *event("explained", "2022-03-05", key, text=pick(number + 13)),
        node("Person", person, name=MARKS[number] if number < 10 else pick(number + 14)),
        link("WORKS_FOR", f"Person {person}", f"Organization {key}", role=pick(number + 15)),
    ]
    if number % 2:
        records += event("support_started", "2022-05-01", key, text=pick(number + 16))
    if number < 10:
        records += event("remark", "2022-06-01", key, text=MARKS[10 + number])
    return records


def _make_list(keys: list[str]) -> Records:
    return [
        node("PartnerList", "l1", name=pick(3), made_on=day("2022-03-01")),
        link("KEEPS", f"Organization {FACILITY}", "PartnerList l1"),
        *(
            link(
                "LISTS", "PartnerList l1", f"Organization {key}",
                expected_support=pick(number + 17), note=pick(number + 18),
            )
            for number, key in enumerate(keys)
        ),
    ]  # fmt: skip


def _make_client(number: int) -> list[Record]:
    marks = MARKS[20 + 2 * number : 22 + 2 * number]
    return [
        *referral(
            f"r{number}", FACILITY, f"a{number}", client=marks[0], status="closed",
            outcome="declined_by_client", reason=pick(number + 20), course=marks[1],
            notified_on=day("2022-04-01"), destination_text=pick(number + 21),
        ),
        link("SETTLES_IN", f"Referral r{number}", "Area 12207", certainty="certain",
             as_written=pick(number + 22)),
        link("NEEDS", f"Referral r{number}", "Support housing"),
        *consent(marks[0], f"a{number}"),
        *event("followup_offered", "2022-05-05", f"Client {marks[0]}", text=pick(number + 23)),
    ]  # fmt: skip


def _make_meeting() -> Records:
    return [
        node("Minutes", "m1", held_on=day("2022-06-13"), title=pick(6), note=pick(9)),
        link("OF", "Minutes m1", f"Organization {FACILITY}"),
        node("SavedView", "v1", title=pick(10), address="date=2022-10-04&x=<b>", position=0),
        link("OF", "SavedView v1", f"Organization {FACILITY}"),
    ]


def _make_plan(keys: list[str]) -> Records:
    records: Records = []
    for number, mark in enumerate(MARKS[40:]):
        task = f"t{number}"
        records += [
            node("Task", task, text=pick(number + 24), owner=mark, due_on=day("2022-11-01")),
            link("CONTACTS", f"Task {task}", f"Organization {keys[number]}"),
            link("OF", f"Task {task}", f"Organization {FACILITY}"),
        ]
    return records
