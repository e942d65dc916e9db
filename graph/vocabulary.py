"""The allowed values of coded properties, with their meaning in both languages.

A vocabulary is an ordered tuple of terms. The graph stores the code, people read the label, and
a file may say any of the other spellings. Sources: the ten fields and their member types are
FACTS B (the lecture's list of related agencies); referral outcomes are the closed-loop referral
words; strength, quality and flow are the notation of the social-work ecomap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Term:
    """One allowed value: the stored code, its labels, and how files also spell it."""

    code: str
    ja: str
    en: str
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """An ordered set of terms; the order is the one a screen or a legend shows."""

    name: str
    terms: tuple[Term, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes in order."""
        return tuple(term.code for term in self.terms)

    def label(self, code: str, language: str) -> str:
        """Return the label of `code` in "ja" or "en"; KeyError when there is no such code."""
        for term in self.terms:
            if term.code == code:
                return term.ja if language == "ja" else term.en
        raise KeyError(code)


def _vocabulary(name: str, *terms: tuple[str, ...]) -> Vocabulary:
    return Vocabulary(name, tuple(Term(t[0], t[1], t[2], tuple(t[3:])) for t in terms))


FIELDS: Final = _vocabulary(
    "field",
    ("administration", "行政", "Administration", "行政関係", "行政機関"),
    ("welfare", "福祉", "Welfare", "福祉関係", "福祉機関"),
    ("medical", "医療", "Medical care", "医療関係", "医療機関"),
    ("education", "教育", "Education", "教育関係", "教育機関"),
    ("justice", "司法", "Justice", "司法関係", "司法機関", "更生保護"),
    ("community_group", "地域団体", "Community group", "団体"),
    ("community_member", "地域関係者", "Community member", "地域"),
    ("workplace", "職場", "Workplace", "職場関係", "就労", "雇用"),
    ("business", "業者", "Business", "事業者"),
    ("kin", "親族・知人", "Kin and friends", "親族", "知人", "親族・知人関係", "家族"),
)

STAGES: Final = _vocabulary(
    "stage",
    ("supporting", "支援中", "Supporting", "協力中", "支援", "●"),
    ("explained", "説明済み", "Explained to", "説明済", "説明", "◐"),
    ("listed", "掲載のみ", "Listed only", "リスト掲載", "掲載", "未説明", "○"),
    ("declined", "辞退・休止", "Declined or resting", "辞退", "休止", "×"),
    ("known", "リスト外", "Known, not listed", "未掲載"),
)

STRENGTHS: Final = _vocabulary(
    "strength",
    ("strong", "強い", "Strong", "強", "太", "密"),
    ("normal", "ふつう", "Normal", "普通", "中"),
    ("weak", "弱い・これから", "Weak or not yet", "弱い", "弱", "これから", "希薄"),
)

QUALITIES: Final = _vocabulary(
    "quality",
    ("good", "良好", "Good", "良い", "良"),
    ("stressful", "緊張・不安", "Stressful", "緊張", "不安", "ストレス", "葛藤"),
    ("broken", "途切れた", "Broken", "断絶", "終了", "中断"),
)

FLOWS: Final = _vocabulary(
    "flow",
    ("out", "こちらから", "From the first", "→", "AからB"),
    ("in", "相手から", "From the second", "←", "BからA"),
    ("both", "双方", "Both", "↔", "⇔", "双方向", "相互"),
)

TIE_KINDS: Final = _vocabulary(
    "tie_kind",
    ("cooperation", "連携", "Cooperation", "協力", "支援"),
    ("membership", "構成員", "Member of", "参加", "会員", "委員"),
    ("introduction", "紹介", "Introduction", "仲介"),
    ("contract", "委託・契約", "Contract", "委託", "契約"),
)

EVENT_KINDS: Final = _vocabulary(
    "event_kind",
    ("explained", "説明した", "Explained", "説明", "連携説明"),
    ("support_started", "支援開始", "Support started", "協力開始", "支援を開始"),
    ("support_ended", "支援終了", "Support ended", "協力終了", "支援を終了"),
    ("declined", "辞退・休止", "Declined", "辞退", "休止"),
    ("contacted", "連絡・訪問", "Contacted", "連絡", "訪問", "電話", "面談"),
    ("remark", "発言・コメント", "Remark", "発言", "コメント", "肯定的な発言"),
    ("agreement", "納得度", "Agreement level", "納得"),
    ("anxiety", "不安度", "Anxiety level", "不安"),
    ("contact_changed", "担当者の変更", "Contact person changed", "担当変更", "担当者交代"),
    ("meeting", "会議の開催", "Meeting held", "協議会", "会議", "協議会開催", "会議開催"),
    ("volunteering", "ボランティア活動", "Volunteer activity", "地域ボランティア", "ボランティア"),
    ("training", "研修", "Training"),
    ("ecomap_drawn", "エコマップ作成", "Ecomap drawn", "エコマップ"),
    ("project_started", "事業開始", "Project started", "事業の開始"),
    ("equipment", "機器の設置", "Equipment installed", "タブレット設置"),
    ("plan_made", "支援計画の作成", "Plan made", "計画作成", "社会復帰支援計画"),
    ("own_role_stated", "本人の役割を記載", "Own role stated", "本人の役割"),
    ("followup_offered", "フォローアップの案内", "Follow-up offered", "訪問支援の案内"),
    ("followup_accepted", "フォローアップの受け入れ", "Follow-up accepted", "訪問支援の受入"),
    ("employment_followup", "就労フォローアップ", "Employment follow-up", "就労支援フォローアップ"),
    ("recovery_meeting", "薬物回復ミーティング", "Recovery meeting", "薬物ミーティング"),
    ("recovery_outreach", "薬物回復の働きかけ", "Recovery outreach", "働きかけ"),
    ("surveyed", "地域の調査", "Area surveyed", "調査", "資源調査"),
)

REFERRAL_STATUSES: Final = _vocabulary(
    "referral_status",
    ("not_updated", "更新なし", "Not updated", "不明"),
    ("pending", "調整中", "Pending", "待ち", "依頼中"),
    ("accepted", "支援中", "Accepted", "受入", "引受"),
    ("referred_on", "次の機関へ", "Referred on", "引継ぎ", "つなぎ"),
    ("got_help", "支援につながった", "Got help", "支援達成"),
    ("could_not_contact", "連絡がつかない", "Could not contact", "連絡不能"),
    ("not_eligible", "対象外", "Not eligible", "要件外"),
    ("no_capacity", "空きなし", "No capacity", "満員", "定員超過"),
    ("declined_by_client", "本人辞退", "Declined by the client", "本人の辞退"),
    ("lost", "途絶（失踪・逮捕など）", "Lost", "失踪", "逮捕", "逮捕拘留中"),
    ("closed", "終了", "Closed", "終結"),
)

REFERRAL_OUTCOMES: Final = Vocabulary(
    "referral_outcome",
    tuple(
        term
        for term in REFERRAL_STATUSES.terms
        if term.code not in ("not_updated", "pending", "accepted", "closed")
    ),
)
"""How a referral can end: what a closing says."""

CERTAINTIES: Final = _vocabulary(
    "certainty",
    ("certain", "確か", "Certain"),
    ("planned", "予定", "Planned"),
    ("doubtful", "不確か（？）", "Doubtful"),
    ("one_of_several", "ほか", "One of several"),
    ("within", "〜内", "Somewhere within"),
)

PRECISIONS: Final = _vocabulary(
    "precision",
    ("day", "日まで", "To the day"),
    ("month", "月まで", "To the month"),
    ("year", "年まで", "To the year"),
    ("fiscal_year", "年度まで", "To the fiscal year"),
)

ORGANIZATION_STATUSES: Final = _vocabulary(
    "organization_status",
    ("active", "活動中", "Active", "営業中", "現存"),
    ("to_be_checked", "要確認", "To be checked", "確認中"),
    ("closed", "廃止・終了", "Closed", "廃止", "閉鎖", "終了"),
)

AREA_LEVELS: Final = _vocabulary(
    "area_level",
    ("nation", "全国", "Nation", "日本"),
    ("prefecture", "都道府県", "Prefecture"),
    ("care_area", "圏域", "Care area"),
    ("municipality", "市区町村", "Municipality"),
)

ACCURACIES: Final = _vocabulary(
    "accuracy",
    ("exact", "正確", "Exact"),
    ("block", "街区・番地", "Block"),
    ("town", "町丁目", "Town"),
    ("municipality", "市区町村の代表点", "Municipality"),
)

SUPPORTS: Final = _vocabulary(
    "support",
    ("housing", "住まい", "Housing", "住居", "住居確保", "住宅", "居住支援", "住まいの確保"),
    ("work", "就労", "Work", "仕事", "就労支援", "雇用", "就職", "就労相談"),
    ("medical", "医療", "Medical care", "受診", "通院", "診療", "訪問看護"),
    ("addiction_recovery", "依存からの回復", "Addiction recovery", "薬物回復", "依存症", "断酒"),
    ("money", "お金・生活費", "Money", "生活保護", "金銭管理", "家計", "生活困窮", "貸付"),
    ("welfare_services", "福祉サービス", "Welfare services", "障害福祉", "介護", "福祉"),
    ("place_to_be", "居場所", "Place to be", "日中活動", "社会参加", "ボランティア"),
    ("counselling", "相談・見守り", "Counselling", "相談", "見守り", "訪問支援", "生活相談"),
    ("legal", "法律", "Legal help", "法律相談", "弁護", "債務整理"),
    ("guarantor", "身元保証・後見", "Guarantor", "保証人", "身元保証", "成年後見"),
    ("food", "食料", "Food", "食料支援", "フードバンク", "食事"),
    ("education", "学び", "Education", "学習支援", "教育", "職業訓練"),
)

SEXES_ACCEPTED: Final = _vocabulary(
    "sexes_accepted",
    ("any", "男女とも", "Any", "男女", "性別不問", "不問", "どちらでも"),
    ("men", "男性のみ", "Men only", "男性", "男"),
    ("women", "女性のみ", "Women only", "女性", "女"),
)

ACCEPTANCES: Final = _vocabulary(
    "acceptance",
    ("yes", "受け入れる", "Yes", "可", "受入可", "受け入れ可", "はい", "有", "あり", "○", "〇"),
    ("consult", "相談による", "To be discussed", "要相談", "相談", "応相談", "△"),
    ("no", "受け入れない", "No", "不可", "受入不可", "受け入れ不可", "いいえ", "無", "なし", "×"),
)

OFFENCES: Final = _vocabulary(
    "offence",
    ("theft", "窃盗", "Theft", "万引き", "すり", "空き巣", "侵入盗"),
    ("fraud", "詐欺", "Fraud", "特殊詐欺", "無銭飲食", "横領", "詐欺・横領"),
    ("drugs", "薬物", "Drugs", "薬物事犯", "覚醒剤", "覚せい剤", "大麻", "覚醒剤取締法違反"),
    ("violence", "暴行・傷害", "Violence", "暴行", "傷害", "粗暴犯", "脅迫", "恐喝"),
    ("robbery", "強盗", "Robbery"),
    ("sexual", "性犯罪", "Sexual offence", "性犯", "わいせつ", "不同意性交", "盗撮", "痴漢"),
    ("arson", "放火", "Arson"),
    ("homicide", "殺人・傷害致死", "Homicide", "殺人", "傷害致死"),
    ("traffic", "交通", "Traffic", "交通犯", "飲酒運転", "道路交通法違反", "危険運転"),
)
"""Kinds of offence an agency takes or refuses, grouped as facilities ask; nothing of a client
is coded by them, for no offence is held in the graph."""

COST_KINDS: Final = _vocabulary(
    "cost_kind",
    ("free", "無料", "Free", "無償", "負担なし", "0円"),
    (
        "reduced",
        "減免・公費あり",
        "Reduced or publicly paid",
        "減免あり",
        "公費",
        "公費負担",
        "生活保護可",
    ),
    ("charged", "有料", "Charged", "実費", "自己負担あり"),
)

PURPOSES: Final = _vocabulary(
    "purpose",
    ("referral", "紹介・調整", "Referral", "紹介", "調整", "つなぎ"),
    ("meeting", "支援会議での共有", "Support meeting", "支援会議", "会議", "会議での共有"),
)
"""What a client may allow an agency to be told for."""

CONSENT_MANNERS: Final = _vocabulary(
    "consent_manner",
    ("writing", "書面", "In writing", "同意書", "文書"),
    ("speech", "口頭", "By word of mouth", "口頭同意"),
)

PROVISION_BASES: Final = _vocabulary(
    "provision_basis",
    ("consent", "本人の同意", "Consent"),
    ("override", "同意によらない（理由あり）", "Without consent, for a reason"),
)

PROVISION_ITEMS: Final = _vocabulary(
    "provision_item",
    ("identity", "氏名・連絡先", "Name and contact"),
    ("needs", "必要な支援", "Help needed"),
    ("destination", "帰住先・希望", "Where the client goes"),
    ("course", "これまでの支援", "Support so far"),
    ("health", "健康・障害", "Health and disability"),
    ("money", "収入・お金", "Income and money"),
)
"""What can be told of a client; neither an offence nor a sentence is among it."""

LOAD_STATES: Final = _vocabulary(
    "load_state",
    ("running", "途中", "Under way"),
    ("done", "完了", "Done"),
    ("undone", "元に戻した", "Undone"),
    ("partly_undone", "一部を元に戻した", "Partly undone"),
)

OPEN_DATA_SOURCES: Final = _vocabulary(
    "open_data_source",
    ("wamnet", "障害福祉サービス等情報（WAM NET）", "Disability welfare services (WAM NET)"),
    ("care", "介護サービス情報公表", "Long-term care services"),
    ("medical", "医療情報ネット", "Medical facilities"),
    ("hsds", "HSDS（Open Referral）", "HSDS (Open Referral)"),
)

MATCH_REASONS: Final = _vocabulary(
    "match_reason",
    ("phone", "電話番号と市区町村が同じ", "Same telephone and municipality"),
    ("name", "名称と市区町村が同じ", "Same name and municipality"),
    ("similar", "市区町村が同じで名称が似ている", "Similar name in the same municipality"),
    ("several", "あてはまる機関が複数", "Several agencies fit"),
)

MATCH_DECISIONS: Final = _vocabulary(
    "match_decision",
    ("same", "同じ機関", "The same agency"),
    ("different", "別の機関", "Another agency"),
)
