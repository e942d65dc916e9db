"""What exists in the graph: the one declaration of labels, relationships and properties.

Constraints, indexes, validation, MERGE statements, Excel templates and the data dictionary are
all made from `NODES` and `RELATIONSHIPS`; nothing else in the project repeats a label's
properties. Words follow Open Referral HSDS (directory), closed-loop referral (referrals) and
network analysis (ties); see DESIGN, section 3.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal

from graph import vocabulary as v

Side = Literal["start", "end"]


class ValueType(StrEnum):
    """How a property is stored."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"  # a moment, UTC
    PARTIAL_DATE = "partial_date"  # three stored properties: see `stored_names`
    POINT = "point"  # WGS 84


@dataclass(frozen=True, slots=True)
class Property:
    """One property: its type, meaning and limits.

    `pattern` is a regular expression the whole text must match. `several` holds codes of the
    vocabulary with a space between. `personal` values never appear in a log, a message, an
    address or the meeting look.
    """

    name: str
    type: ValueType
    ja: str
    en: str
    required: bool = False
    personal: bool = False
    unit: str | None = None
    vocabulary: v.Vocabulary | None = None
    several: bool = False
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None

    @property
    def stored_names(self) -> tuple[str, ...]:
        """The names under which the value stands in the database.

        A partial date `x` is stored as `x` (its first possible day), `x_precision` and `x_text`
        (the words as written), so that a query can compare days and a reader sees the source.
        """
        if self.type is ValueType.PARTIAL_DATE:
            return (self.name, f"{self.name}_precision", f"{self.name}_text")
        return (self.name,)

    def label(self, value: str, language: str) -> str:
        """Return a value in words of "ja" or "en": the labels of its codes, else the value itself.

        KeyError when there is no such code.
        """
        if self.vocabulary is None:
            return value
        codes = value.split() if self.several else [value]
        between = "、" if language == "ja" else ", "
        return between.join(self.vocabulary.label(code, language) for code in codes)


@dataclass(frozen=True, slots=True)
class NodeType:
    """A label with its key property, meaning and properties (the key included)."""

    label: str
    key: str
    ja: str
    en: str
    properties: tuple[Property, ...]
    range_indexes: tuple[str, ...] = ()
    text_indexes: tuple[str, ...] = ()
    point_indexes: tuple[str, ...] = ()
    fulltext: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RelationshipType:
    """A relationship with the label pairs it may join.

    `identity` names the properties that tell parallel relationships of one pair apart; without
    any there is at most one per pair. Every relationship carries `RELATION_KEY`, derived from
    its type, ends and identity, so that writing it again finds it. A `derived` one follows from
    others: no sheet says it, so none can miss it. `once` names the side whose nodes have at most
    one of it: a referral has one client, a list one keeper.
    """

    type: str
    ends: tuple[tuple[str, str], ...]
    ja: str
    en: str
    properties: tuple[Property, ...] = field(default=())
    identity: tuple[str, ...] = ()
    derived: bool = False
    once: Side | None = None

    @property
    def owner(self) -> str | None:
        """The label whose nodes have at most one of it; None where all may have several."""
        return None if self.once is None else self.ends[0][self.once == "end"]


def _text(name: str, ja: str, en: str, **limits: object) -> Property:
    return Property(name, ValueType.TEXT, ja, en, **limits)  # type: ignore[arg-type]


def _coded(name: str, ja: str, en: str, words: v.Vocabulary, **limits: object) -> Property:
    return Property(name, ValueType.TEXT, ja, en, vocabulary=words, **limits)  # type: ignore[arg-type]


def _when(name: str, ja: str, en: str, **limits: object) -> Property:
    return Property(name, ValueType.PARTIAL_DATE, ja, en, **limits)  # type: ignore[arg-type]


def _several(name: str, ja: str, en: str, words: v.Vocabulary, **limits: object) -> Property:
    one = "|".join(words.codes)
    pattern = f"(?:{one})(?: (?:{one}))*"
    return _coded(name, ja, en, words, several=True, pattern=pattern, **limits)


def _integer(name: str, ja: str, en: str, **limits: object) -> Property:
    return Property(name, ValueType.INTEGER, ja, en, **limits)  # type: ignore[arg-type]


def _flag(name: str, ja: str, en: str) -> Property:
    return Property(name, ValueType.BOOLEAN, ja, en)


RELATION_KEY: Final = "relation_id"

# The provenance every node and relationship carries; written by the store, never by a loader.
BOOKKEEPING: Final = (
    _text("content_hash", "内容のハッシュ", "Hash of the last content written"),
    _text("load_id", "最後に書いた取り込み", "The load that wrote it last"),
    _text("source_file", "元のファイル", "File it was read from"),
    _text("source_sheet", "元のシート", "Sheet it was read from"),
    _integer("source_row", "元の行", "Row, as the spreadsheet numbers it"),
)

ID_PATTERN: Final = r"[^\s|]{1,100}"


def _key(name: str, ja: str) -> Property:
    return _text(name, ja, "Identifier", required=True, pattern=ID_PATTERN)


# Letters and digits only, so that no name of a person fits; neither a day (of birth) nor a
# telephone number.
PSEUDONYM_PATTERN: Final = (
    r"(?!(?:[SsHhRrTtMm]|\d{2})?\d{1,2}[-._]\d{1,2}[-._]\d{1,2}$)(?!(?:19|20)\d{6}$)"
    r"(?!0\d{1,4}-?\d{1,4}-?\d{3,4}$)[0-9A-Za-z][0-9A-Za-z._-]{0,39}"
)

ORGANIZATION: Final = NodeType(
    "Organization",
    "organization_id",
    "機関・事業所",
    "An agency or one of its offices",
    (
        _key("organization_id", "機関ID"),
        _text("name", "名称", "Name", required=True),
        _text("kana", "名称かな", "Name in kana"),
        _text("short_name", "略称", "Short name"),
        _coded("field", "分野", "Field, one of ten", v.FIELDS),
        _text("agency_type", "機関の種別", "Type of agency"),
        _text("corporation", "法人名", "Corporation it belongs to"),
        _text("corporate_number", "法人番号", "Corporate number", pattern=r"[0-9]{13}"),
        _text("office_number", "事業所番号", "Office number", pattern=r"[0-9A-Z]{10}"),
        _text("postal_code", "郵便番号", "Postal code", pattern=r"[0-9]{3}-?[0-9]{4}"),
        _text("address", "住所", "Address"),
        _text("municipality", "市区町村コード", "Municipality it stands in", pattern=r"[0-9]{5}"),
        Property("location", ValueType.POINT, "位置", "Where it stands"),
        _coded("location_accuracy", "位置の精度", "How exact the point is", v.ACCURACIES),
        _flag("hidden_address", "住所を伏せる", "Address is kept hidden"),
        _text("phone", "電話番号", "Telephone"),
        _text("fax", "FAX番号", "Fax"),
        _text("email", "メール", "E-mail"),
        _text("url", "ウェブサイト", "Web site"),
        _text("hours", "利用時間", "Opening hours"),
        _flag("open_weekend", "土日祝も対応", "Open on weekends or holidays"),
        _flag("open_night", "夜間も対応", "Open at night"),
        _text("conditions", "受け入れ条件", "Whom it takes"),
        _coded("accepts_sex", "受け入れる性別", "Sex it takes", v.SEXES_ACCEPTED),
        _integer(
            "age_from", "受け入れる年齢（から）", "Youngest it takes", unit="years", minimum=0
        ),
        _integer("age_to", "受け入れる年齢（まで）", "Oldest it takes", unit="years", minimum=0),
        _coded(
            "accepts_disability", "障害のある人の受け入れ", "Takes disabled people", v.ACCEPTANCES
        ),
        _coded(
            "accepts_released", "矯正施設を出た人の受け入れ", "Takes people released", v.ACCEPTANCES
        ),
        _several("offences_accepted", "受け入れる罪種", "Kinds of offence it takes", v.OFFENCES),
        _several(
            "offences_discussed", "相談による罪種", "Kinds of offence to be discussed", v.OFFENCES
        ),
        _several("offences_refused", "受け入れない罪種", "Kinds of offence it refuses", v.OFFENCES),
        _coded("cost_kind", "費用の区分", "Kind of cost", v.COST_KINDS),
        _text("cost", "費用", "What it costs"),
        _integer("capacity", "定員", "Places", unit="people", minimum=0),
        _integer("vacancies", "空き", "Places free", unit="people", minimum=0),
        _when("capacity_on", "定員・空きの確認日", "Day places were last asked about"),
        _coded("status", "状態", "Status", v.ORGANIZATION_STATUSES),
        _text("note", "備考", "Note"),
    ),
    range_indexes=("field", "municipality", "office_number", "corporate_number", "name", "phone"),
    text_indexes=("name", "kana"),
    point_indexes=("location",),
    fulltext=("name", "kana", "short_name"),
)

AREA: Final = NodeType(
    "Area",
    "area_id",
    "地域",
    "Municipality, health-and-welfare area, prefecture or the nation",
    (
        _text("area_id", "地域ID", "Identifier (JIS code)", required=True, pattern=ID_PATTERN),
        _text("name", "名称", "Name", required=True),
        _text("full_name", "都道府県からの名称", "Name with its prefecture"),
        _text("kana", "かな", "Kana"),
        _coded("level", "段階", "Level", v.AREA_LEVELS, required=True),
        Property("location", ValueType.POINT, "代表点", "Representative point"),
    ),
    range_indexes=("name", "level"),
    point_indexes=("location",),
)

SUPPORT: Final = NodeType(
    "Support",
    "support_id",
    "支援の種類",
    "A kind of help",
    (
        _coded("support_id", "支援ID", "Identifier", v.SUPPORTS, required=True),
        _text("name", "名称", "Name", required=True),
        _text("name_en", "英語名", "English name"),
    ),
)

PERSON: Final = NodeType(
    "Person",
    "person_id",
    "担当者",
    "A contact person of an agency",
    (
        _key("person_id", "担当者ID"),
        _text("name", "担当者名", "Name", personal=True),
        _text("kana", "担当者名かな", "Name in kana", personal=True),
        _text("phone", "電話番号", "Telephone", personal=True),
        _text("email", "メール", "E-mail", personal=True),
    ),
)

CLIENT: Final = NodeType(
    "Client",
    "client_id",
    "本人（仮名）",
    "A client, known by a pseudonym only",
    (
        _text(
            "client_id",
            "仮名ID",
            "Pseudonym",
            required=True,
            personal=True,
            pattern=PSEUDONYM_PATTERN,
        ),
    ),
)

CONSENT: Final = NodeType(
    "Consent",
    "consent_id",
    "本人の同意",
    "What a client allows one agency to be told for",
    (
        _key("consent_id", "同意ID"),
        _coded("purpose", "目的", "Purpose", v.PURPOSES, required=True),
        Property("since", ValueType.DATE, "開始日", "First day it holds", required=True),
        Property("until", ValueType.DATE, "終了日", "Last day it holds"),
        Property("withdrawn_on", ValueType.DATE, "撤回日", "Day the client took it back"),
        _coded("manner", "同意の形", "How it was given", v.CONSENT_MANNERS),
    ),
)

PROVISION: Final = NodeType(
    "Provision",
    "provision_id",
    "第三者提供の記録",
    "That an agency was told of a client: when, what, and on which ground",
    (
        _key("provision_id", "提供ID"),
        Property("provided_on", ValueType.DATE, "伝えた日", "Day it was told", required=True),
        _coded("purpose", "目的", "Purpose", v.PURPOSES, required=True),
        _several("items", "伝えた事柄", "What was told", v.PROVISION_ITEMS, required=True),
        _coded("basis", "根拠", "Ground", v.PROVISION_BASES, required=True),
        _text("reason", "同意によらない理由", "Why without consent", personal=True),
        _text("recorded_by", "記録した人", "Who recorded it", personal=True),
    ),
)

REFERRAL: Final = NodeType(
    "Referral",
    "referral_id",
    "紹介",
    "One client sent from one agency to another",
    (
        _key("referral_id", "紹介ID"),
        _integer("number", "番号", "Number in the source table", minimum=0),
        _integer("fiscal_year", "年度", "Fiscal year, April to March", minimum=1945, maximum=2200),
        _when("notified_on", "通知日", "Day of the notice"),
        _when("released_on", "出所日", "Day of release"),
        _when("first_interview_on", "初回面談", "Day of the first interview"),
        _coded("status", "状況", "Status, closed-loop", v.REFERRAL_STATUSES, required=True),
        _when("answered_on", "最初の返事の日", "Day of the receiver's first response"),
        _when("handed_over_on", "引き継ぎの日", "Day the client was handed over"),
        _when("closed_on", "終わった日", "Day it ended"),
        _coded("outcome", "結果", "How it ended", v.REFERRAL_OUTCOMES),
        _text("reason", "理由", "Why it stopped"),
        _text("course", "支援経過", "Course, as written", personal=True),
        _text("former_area_text", "前住地（原文）", "Former area, as written", personal=True),
        _text("desired_area_text", "帰住希望（原文）", "Desired area, as written", personal=True),
        _text("destination_text", "帰住地（原文）", "Destination, as written", personal=True),
    ),
    range_indexes=("fiscal_year", "notified_on", "status"),
)

EVENT: Final = NodeType(
    "Event",
    "event_id",
    "できごと",
    "Something that happened, on a date",
    (
        _key("event_id", "できごとID"),
        _coded("kind", "種類", "Kind", v.EVENT_KINDS, required=True),
        _when("occurred_on", "日付", "Day it happened", required=True),
        _when("until", "いつまで", "Valid until (a rest, a plan)"),
        _coded("field", "分野", "Field surveyed; empty = all", v.FIELDS),
        Property("value", ValueType.NUMBER, "値", "Level (1-5) or number of people"),
        _text("text", "内容", "What was said or done", personal=True),
    ),
    range_indexes=("kind", "occurred_on"),
)

PARTNER_LIST: Final = NodeType(
    "PartnerList",
    "list_id",
    "連携リスト",
    "A dated list of agencies that should be partners",
    (
        _key("list_id", "リストID"),
        _text("name", "リスト名", "Name", required=True),
        _when("made_on", "作成日", "Day it was drawn up", required=True),
    ),
)

TASK: Final = NodeType(
    "Task",
    "task_id",
    "連絡の予定",
    "A contact to be made",
    (
        _key("task_id", "予定ID"),
        _text("text", "内容", "What is to be done", required=True),
        _text("owner", "担当", "Who does it", personal=True),
        _when("created_on", "作成日", "Day it was made"),
        _when("due_on", "期限", "Until when"),
        _when("done_on", "完了日", "Done when"),
    ),
)

MINUTES: Final = NodeType(
    "Minutes",
    "minutes_id",
    "議事メモ",
    "What was said over a facility's ecomap on a day",
    (
        _key("minutes_id", "議事メモID"),
        _when("held_on", "会議の日", "Day of the meeting, and of the ecomap shown", required=True),
        _text("title", "題", "Title", required=True),
        _text("note", "メモ", "What was said", personal=True),
    ),
)

SAVED_VIEW: Final = NodeType(
    "SavedView",
    "view_id",
    "保存した見せ方",
    "A way to show a facility's ecomap, to come back to",
    (
        _key("view_id", "見せ方ID"),
        _text("title", "題", "Title", required=True),
        _text("address", "画面のアドレス", "Parameters of the address; no client", required=True),
        _integer("position", "順番", "Place among the facility's views", required=True, minimum=0),
        Property("retired_on", ValueType.DATE, "外した日", "Day it was taken off the list"),
    ),
)

NETWORK_LAYOUT: Final = NodeType(
    "NetworkLayout",
    "layout_id",
    "探索の配置",
    "Where agencies stand in the picture of the whole network",
    (
        _key("layout_id", "配置ID"),
        _text("edition", "版", "Hash of all its places", required=True),
    ),
)

LISTING: Final = NodeType(
    "Listing",
    "listing_id",
    "公開データの掲載",
    "What one row of open data says of an agency and one of its services",
    (
        _key("listing_id", "掲載ID"),
        _coded("source", "公開データ", "Open data set", v.OPEN_DATA_SOURCES, required=True),
        _text("series", "系列", "Data set and service: what one file holds", required=True),
        Property(
            "edition", ValueType.DATE, "載っていた最後の版", "Last edition with it", required=True
        ),
        Property("gone_on", ValueType.DATE, "載らなくなった版", "First edition without it"),
        _text("number", "公開データの番号", "Its number in the source", required=True),
        _text("service", "サービス種別", "Service, as the source calls it"),
        _text("name", "名称", "Name", required=True),
        _text("kana", "名称かな", "Name in kana"),
        _text("corporation", "法人名", "Corporation it belongs to"),
        _text("corporate_number", "法人番号", "Corporate number", pattern=r"[0-9]{13}"),
        _text("office_number", "事業所番号", "Office number", pattern=r"[0-9A-Z]{10}"),
        _text("postal_code", "郵便番号", "Postal code", pattern=r"[0-9]{3}-?[0-9]{4}"),
        _text("address", "住所", "Address"),
        _text("municipality", "市区町村コード", "Municipality it stands in", pattern=r"[0-9]{5}"),
        Property("location", ValueType.POINT, "位置", "Where it stands"),
        _coded("location_accuracy", "位置の精度", "How exact the point is", v.ACCURACIES),
        _text("phone", "電話番号", "Telephone"),
        _text("fax", "FAX番号", "Fax"),
        _text("email", "メール", "E-mail"),
        _text("url", "ウェブサイト", "Web site"),
        _text("hours", "利用時間", "Opening hours"),
        _text("conditions", "受け入れ条件", "Whom it takes"),
        _integer("capacity", "定員", "Places", unit="people", minimum=0),
        _text("serves", "対象地域コード", "Areas it says it serves; 、 between them"),
    ),
    range_indexes=("series",),
)

TARGET: Final = NodeType(
    "Target",
    "target_id",
    "報告の目標",
    "What a measure of the progress report is held against, from a day on",
    (
        _key("target_id", "目標ID"),
        _text("measure", "測り方", "Measure of an indicator", required=True),
        _when("set_on", "決めた日", "Day from which it counts", required=True),
        Property("goal", ValueType.NUMBER, "目標値", "Goal; a share is between 0 and 1", minimum=0),
        Property("baseline", ValueType.NUMBER, "初期値", "Value at the start", minimum=0),
        _when("due_on", "達成期限", "Until when", required=True),
        _text("words", "目標の言葉", "The goal in words"),
        _text("words_en", "目標の言葉（英語）", "The goal in words, in English"),
    ),
)

ASSESSMENT: Final = NodeType(
    "Assessment",
    "assessment_id",
    "報告の記入",
    "What a writer says of an indicator in the report of a period",
    (
        _key("assessment_id", "記入ID"),
        _text("indicator", "指標", "Number of the indicator", required=True),
        _when("since", "期間のはじめ", "First day of the period", required=True),
        _when("until", "期間のおわり", "Last day of the period", required=True),
        _integer("mark", "進捗状況", "Mark 1 to 4; empty = as proposed", minimum=1, maximum=4),
        _text("text", "書く人の言葉", "The writer's words", personal=True),
    ),
)

LOAD: Final = NodeType(
    "Load",
    "load_id",
    "取り込み",
    "One import: the provenance of everything it wrote",
    (
        _key("load_id", "取り込みID"),
        _text("file", "ファイル", "File name"),
        _text("file_hash", "ファイルのハッシュ", "SHA-256 of the file"),
        _text("actor", "誰が", "Who loaded it"),
        Property("loaded_at", ValueType.TIME, "日時", "When", unit="UTC"),
        _integer("created", "追加", "Facts created"),
        _integer("changed", "変更", "Facts changed"),
        _integer("unchanged", "変更なし", "Facts unchanged; of an undo, those it had to leave"),
        _integer("deleted", "削除", "Facts taken away", minimum=0),
        _coded("state", "状態", "State", v.LOAD_STATES),
        _text("undoes", "元に戻した取り込み", "The load that this one undid"),
        _integer("formers", "残した以前の内容", "Nodes Former it wrote", minimum=0),
        _coded("source", "公開データ", "Open data set", v.OPEN_DATA_SOURCES),
        _text("series", "系列", "Data set and services of the file"),
        Property("edition", ValueType.DATE, "版", "Edition of the open data"),
        _integer("parts", "書き終えた部分", "Parts written of a large file", minimum=0),
    ),
    range_indexes=("loaded_at", "undoes"),
)

ERASURE: Final = NodeType(
    "Erasure",
    "erasure_id",
    "消去の記録",
    "A client was erased: when, by whom, how much; not who",
    (
        _key("erasure_id", "消去ID"),
        Property("erased_at", ValueType.TIME, "日時", "When", unit="UTC"),
        _text("erased_by", "消した人", "Who erased"),
        Property(
            "completed_at", ValueType.TIME, "ファイルからも消した日時",
            "When no file of the database held it any more", unit="UTC",
        ),
        _integer("referrals", "紹介", "Referrals erased"),
        _integer("consents", "同意", "Consents erased"),
        _integer("provisions", "提供の記録", "Provisions erased"),
        _integer("events", "できごと", "Events erased"),
        _integer("shared_events", "機関のできごと", "Events that stay without the client"),
        _integer("mentions", "文中の仮名", "Texts in which the pseudonym was blacked out"),
    ),
)  # fmt: skip

FORMER: Final = NodeType(
    "Former",
    "former_id",
    "以前の内容",
    "What a load replaced: up to some thousand facts as they stood before it",
    (
        _key("former_id", "以前の内容ID"),
        _text("of_load", "どの取り込みの", "The load that replaced it", required=True),
        _integer("number", "番号", "Place among those of its load", required=True, minimum=0),
        Property("kept_at", ValueType.TIME, "残した日時", "When", unit="UTC"),
        _integer("facts", "事実の数", "Facts in it", required=True, minimum=0),
        _integer("removed", "削除の数", "Of these, facts taken away", required=True, minimum=0),
        _text("content", "内容", "The facts; see graph/history.py", required=True, personal=True),
    ),
    range_indexes=("of_load", "kept_at"),
)

HEADING: Final = NodeType(
    "Heading",
    "heading_id",
    "覚えた見出し",
    "What somebody said a header of their files means",
    (
        _key("heading_id", "見出しID"),
        _text("sheet_kind", "表の種類", "Kind of sheet", required=True),
        _text("words", "見出しの言葉", "The words as written", required=True),
        _text("column", "列", "The column meant; empty = the name of the sheet itself"),
    ),
)

NODES: Final[dict[str, NodeType]] = {
    node.label: node
    for node in (
        ORGANIZATION, AREA, SUPPORT, PERSON, CLIENT, CONSENT, PROVISION, REFERRAL, EVENT,
        PARTNER_LIST, TASK, MINUTES, SAVED_VIEW, NETWORK_LAYOUT, LISTING, TARGET, ASSESSMENT, LOAD,
        FORMER, ERASURE, HEADING,
    )
}  # fmt: skip

_CERTAINTY: Final = (
    _coded("certainty", "確かさ", "How certain", v.CERTAINTIES, required=True),
    _text("as_written", "原文", "The words as written", personal=True),
)

RELATIONSHIPS: Final[dict[str, RelationshipType]] = {
    relationship.type: relationship
    for relationship in (
        RelationshipType(
            "TIED_TO",
            (("Organization", "Organization"),),
            "機関どうしの関係",
            "A tie between two agencies over a time",
            (
                _coded("kind", "関係の種類", "Kind of tie", v.TIE_KINDS, required=True),
                _coded("strength", "強さ", "Strength", v.STRENGTHS, required=True),
                _coded("quality", "良し悪し", "Quality", v.QUALITIES, required=True),
                _coded("flow", "働きかけの向き", "Who acts", v.FLOWS),
                _when("since", "開始日", "From"),
                _when("until", "終了日", "Until; the day itself no longer counts"),
                _text("note", "備考", "Note"),
            ),
            identity=("kind", "since"),
        ),
        RelationshipType(
            "WORKS_FOR",
            (("Person", "Organization"),),
            "担当者の所属",
            "A contact person belongs to an agency over a time",
            (
                _text("role", "役職・担当", "Role"),
                _when("since", "開始日", "From"),
                _when("until", "終了日", "Until"),
            ),
            identity=("since",),
        ),
        RelationshipType(
            "LOCATED_IN", (("Organization", "Area"),), "所在地", "Stands in", once="start"
        ),
        RelationshipType("SERVES", (("Organization", "Area"),), "対象地域", "Serves the area"),
        RelationshipType(
            "PART_OF",
            (("Area", "Area"), ("Organization", "Organization")),
            "含まれる",
            "Belongs to the larger area, or to its corporation",
        ),
        RelationshipType(
            "OFFERS",
            (("Organization", "Support"),),
            "提供する支援",
            "Offers a kind of help",
            (_text("as_written", "原文", "What the source calls it"),),
        ),
        RelationshipType(
            "KEEPS",
            (("Organization", "PartnerList"),),
            "リストを持つ",
            "The facility whose list it is",
            once="end",
        ),
        RelationshipType(
            "LISTS",
            (("PartnerList", "Organization"),),
            "リスト掲載",
            "The list names the agency",
            (
                _text("expected_support", "期待される支援", "Support expected of it"),
                _text("note", "備考", "Note"),
            ),
        ),
        RelationshipType(
            "PLACES",
            (("Organization", "Organization"),),
            "エコマップの場所",
            "The place an agency keeps in a facility's ecomap",
            (_integer("slot", "場所の番号", "Slot, given once", required=True, minimum=0),),
            derived=True,
        ),
        RelationshipType(
            "CONCERNS",
            (
                ("Event", "Organization"), ("Event", "Client"), ("Event", "Person"),
                ("Event", "Area"),
            ),
            "関わる相手",
            "Whom or what the event is about",
        ),
        RelationshipType(
            "RECORDED_BY",
            (("Event", "Organization"),),
            "記録した機関",
            "The facility whose relation the event describes",
            once="start",
        ),
        RelationshipType(
            "SENT", (("Organization", "Referral"),), "紹介元", "Sent the client", once="end"
        ),
        RelationshipType(
            "RECEIVED_BY",
            (("Referral", "Organization"),),
            "紹介先",
            "Was asked to take the client",
            once="start",
        ),
        RelationshipType("FOR", (("Referral", "Client"),), "誰の", "Whose referral", once="start"),
        RelationshipType("NEEDS", (("Referral", "Support"),), "必要な支援", "Help needed"),
        RelationshipType(
            "FOLLOWS", (("Referral", "Referral"),), "前の紹介", "Continues from", once="start"
        ),
        RelationshipType(
            "FROM_AREA", (("Referral", "Area"),), "前住地", "Lived there before", _CERTAINTY
        ),
        RelationshipType(
            "DESIRES", (("Referral", "Area"),), "帰住希望", "Wants to live there", _CERTAINTY
        ),
        RelationshipType(
            "SETTLES_IN", (("Referral", "Area"),), "帰住地", "Goes to live there", _CERTAINTY
        ),
        RelationshipType("CONTACTS", (("Task", "Organization"),), "連絡先", "Whom to contact"),
        RelationshipType(
            "OF",
            (
                ("Minutes", "Organization"), ("SavedView", "Organization"),
                ("Task", "Organization"), ("Target", "Organization"),
                ("Assessment", "Organization"),
            ),
            "どの施設の",
            "The facility it belongs to",
        ),
        RelationshipType(
            "DECIDED", (("Minutes", "Task"),), "決めたこと", "The meeting decided on the task"
        ),
        RelationshipType(
            "POSITIONS",
            (("NetworkLayout", "Organization"),),
            "探索での場所",
            "The cell an agency keeps in the picture of the whole network",
            (
                _integer("column", "列", "Column of its cell", required=True),
                _integer("row", "行", "Row of its cell", required=True),
            ),
            derived=True,
        ),
        RelationshipType(
            "DESCRIBES",
            (("Listing", "Organization"),),
            "掲載された機関",
            "The agency that the row of open data is about",
        ),
        RelationshipType(
            "MAY_DESCRIBE",
            (("Listing", "Organization"),),
            "同じ機関か確認",
            "Perhaps the same agency; a person decides",
            (
                _coded("reason", "理由", "Why it may be", v.MATCH_REASONS, required=True),
                _integer("similarity", "名称の近さ", "Of the names", unit="percent", minimum=0),
                _coded("decision", "判断", "What was decided", v.MATCH_DECISIONS),
                Property("decided_at", ValueType.TIME, "判断の日時", "When", unit="UTC"),
                _text("decided_by", "判断した人", "Who decided"),
                _text("added", "判断で加わったもの", "What it added, to take it back; JSON"),
            ),
        ),
        RelationshipType(
            "GRANTS", (("Client", "Consent"),), "同意した人", "Gave the consent", once="end"
        ),
        RelationshipType(
            "ALLOWS", (("Consent", "Organization"),), "同意の相手", "May be told", once="start"
        ),
        RelationshipType("TOLD", (("Provision", "Organization"),), "伝えた相手", "Was told"),
        RelationshipType("ABOUT", (("Provision", "Client"),), "誰について", "Whom it was about"),
        RelationshipType("RESTS_ON", (("Provision", "Consent"),), "根拠の同意", "Is allowed by"),
        RelationshipType(
            "ACCOMPANIES", (("Provision", "Referral"),), "どの紹介で", "Was told with the referral"
        ),
    )
}  # fmt: skip
