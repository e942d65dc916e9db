"""Files of open data as the sources publish them: same headers, encoding and line ends."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence

WAMNET = [
    "都道府県コード又は市区町村コード",
    "NO（※システム内の固有の番号、連番）",
    "指定機関名",
    "法人の名称",
    "法人の名称_かな",
    "法人番号",
    "法人住所（市区町村）",
    "法人住所（番地以降）",
    "法人電話番号",
    "法人FAX番号",
    "法人URL",
    "サービス種別",
    "事業所の名称",
    "事業所の名称_かな",
    "事業所番号",
    "事業所住所（市区町村）",
    "事業所住所（番地以降）",
    "事業所電話番号",
    "事業所FAX番号",
    "事業所URL",
    "事業所緯度",
    "事業所経度",
    "利用可能な時間帯（平日）",
    "利用可能な時間帯（土曜）",
    "利用可能な時間帯（日曜）",
    "利用可能な時間帯（祝日）",
    "定休日",
    "利用可能曜日特記事項（留意事項）",
    "定員",
]
CARE = [
    "都道府県コード又は市町村コード",
    "No",
    "都道府県名",
    "市区町村名",
    "事業所名",
    "事業所名カナ",
    "サービスの種類",
    "住所",
    "方書（ビル名等）",
    "緯度",
    "経度",
    "電話番号",
    "FAX番号",
    "法人番号",
    "法人の名称",
    "事業所番号",
    "利用可能曜日",
    "利用可能曜日特記事項",
    "定員",
    "URL",
    "高齢者の方と障害者の方が同時一体的に利用できるサービス",
    "介護保険の通常の指定基準を満たしている",
    "障害福祉の通常の指定基準を満たしている",
    "備考",
]
MEDICAL = [
    "ID",
    "正式名称",
    "正式名称（フリガナ）",
    "略称",
    "略称（フリガナ）",
    "英語表記（ローマ字表記）",
    "機関区分",
    "都道府県コード",
    "市区町村コード",
    "所在地",
    "所在地座標（緯度）",
    "所在地座標（経度）",
    "案内用ホームページアドレス",
]
PHARMACY = [
    "ID",
    "名称",
    "フリガナ",
    "都道府県コード",
    "市区町村コード",
    "所在地",
    "所在地座標（緯度）",
    "所在地座標（経度）",
]

Cells = Mapping[str, str]

OFFICE: Cells = {
    "都道府県コード又は市区町村コード": "12000",
    "NO（※システム内の固有の番号、連番）": "A0000000001",
    "指定機関名": "千葉県",
    "法人の名称": "社会福祉法人まつど",
    "法人番号": "1234567890123",
    "サービス種別": "就労継続支援Ａ型",
    "事業所の名称": "まつどの家",
    "事業所の名称_かな": "まつどのいえ",
    "事業所番号": "1210000001",
    "事業所住所（市区町村）": "千葉県松戸市",
    "事業所住所（番地以降）": "根本３８７−５",
    "事業所電話番号": "0473651111",
    "事業所緯度": "35.7876",
    "事業所経度": "139.9031",
    "定員": "20",
}


def office(**changes: str) -> dict[str, str]:
    """A row of WAM NET; short names stand for the columns tests change."""
    names = {
        "name": "事業所の名称", "number": "事業所番号", "service": "サービス種別",
        "city": "事業所住所（市区町村）", "street": "事業所住所（番地以降）",
        "phone": "事業所電話番号", "corporate": "法人番号", "latitude": "事業所緯度",
        "longitude": "事業所経度", "capacity": "定員", "hours": "利用可能な時間帯（平日）",
    }  # fmt: skip
    return dict(OFFICE) | {names[name]: value for name, value in changes.items()}


def offices(count: int, **changes: str) -> list[dict[str, str]]:
    """So many rows of different agencies."""
    return [
        office(number=f"12{n:08}", name=f"事業所{n}", phone=f"04736{n:05}", **changes)
        for n in range(1, count + 1)
    ]


def wamnet(rows: Sequence[Cells], encoding: str = "utf-8-sig") -> bytes:
    """WAM NET: quoted, BOM, LF."""
    return _write(WAMNET, rows, "\n").encode(encoding)


def care(rows: Sequence[Cells]) -> bytes:
    """介護サービス情報公表: BOM, 24 columns."""
    return _write(CARE, rows, "\r\n").encode("utf-8-sig")


def medical(rows: Sequence[Cells], header: Sequence[str] = MEDICAL) -> bytes:
    """医療情報ネット: BOM, CRLF."""
    return _write(header, rows, "\r\n").encode("utf-8-sig")


def _write(header: Sequence[str], rows: Sequence[Cells], end: str) -> str:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator=end)
    writer.writerow(header)
    writer.writerows([row.get(column, "") for column in header] for row in rows)
    return text.getvalue()


HSDS: dict[str, list[dict[str, str]]] = {
    "organizations": [
        {
            "id": "o-1", "name": "まつど相談室", "website": "https://example.org",
            "email": "a@example.org",
        },
        {"id": "o-2", "name": "ひとりの会"},
    ],
    "services": [
        {
            "id": "s-1", "organization_id": "o-1", "name": "住まい",
            "eligibility_description": "18歳以上",
        },
        {"id": "s-2", "organization_id": "o-1", "name": "Community Counselling"},
    ],
    "locations": [
        {"id": "l-1", "organization_id": "o-1", "latitude": "100", "longitude": "101"},
    ],
    "addresses": [
        {
            "id": "a-1", "location_id": "l-1", "state_province": "千葉県", "city": "松戸市",
            "address_1": "根本387-5", "postal_code": "271-8588",
        },
    ],
    "phones": [{"id": "p-1", "organization_id": "o-1", "number": "047-365-2222"}],
    "service_at_location": [{"id": "x-1", "service_id": "s-1", "location_id": "l-1"}],
    "service_areas": [
        {"id": "r-1", "service_id": "s-1", "name": "流山市"},
        {"id": "r-2", "service_id": "s-1", "name": "どこかの地域"},
    ],
    "organization_identifiers": [
        {"id": "i-1", "organization_id": "o-1", "identifier": "9876543210123"},
    ],
}  # fmt: skip


def hsds_zip(tables: Mapping[str, Sequence[Cells]] = HSDS) -> bytes:
    """HSDS 3.0, tabular, as an archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, rows in tables.items():
            header = list(dict.fromkeys(column for row in rows for column in row))
            archive.writestr(f"csv/{name}.csv", _write(header, rows, "\n").encode())
    return packed.getvalue()


def hsds_tables_json() -> bytes:
    """HSDS 3.0, the same tables in one JSON document."""
    return json.dumps({f"{name}.csv": rows for name, rows in HSDS.items()}).encode()


def hsds_nested_json() -> bytes:
    """HSDS 3.0, one organization with all that belongs to it."""
    organization = dict(HSDS["organizations"][0])
    location = HSDS["locations"][0] | {"addresses": HSDS["addresses"]}
    service = HSDS["services"][0] | {
        "service_areas": HSDS["service_areas"],
        "service_at_locations": [{"id": "x-1", "location": location}],
    }
    tree = organization | {
        "services": [service, HSDS["services"][1]],
        "locations": [location],
        "phones": HSDS["phones"],
        "organization_identifiers": HSDS["organization_identifiers"],
    }
    return json.dumps({"contents": [tree]}).encode()
