"""The letter of a claim, in Russian, Chinese and English: paragraphs and one table, no layout."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from include.winddown.domain.amounts import amount_of

LANGUAGES = ("ru", "zh", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFacts:
    """
    What a letter says.

    Attributes:
        claim_id, merchant, warehouse_id: who claims what from whom.
        claimed_on: the day of the letter.
        currency, amount_minor: the sum of the known values.
        basis: how a piece is valued.
        unvalued_qty: pieces whose value is not known, which are in no sum.
        lines: request_no, sku, kind, qty, value_minor (or None), claim_until_on (or None).
        enclosures: names of the files in the pack.
    """

    claim_id: str
    merchant: str
    warehouse_id: str
    claimed_on: date
    currency: str
    amount_minor: int
    basis: str
    unvalued_qty: int
    lines: Sequence[Mapping[str, object]]
    enclosures: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter: title, paragraphs, the table's head and rows, closing paragraphs."""

    title: str
    opening: tuple[str, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    closing: tuple[str, ...]


_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Claim {claim_id}",
        "to": "To the warehouse {warehouse_id}, {day}",
        "why": "{merchant} asked for goods to be returned. What was requested, what you reported and what our dock"
        " counted do not agree. We claim compensation for {qty} pieces, {amount} {currency}.",
        "basis": "A piece is valued by {basis}.",
        "unvalued": "The value of {unvalued} further pieces will be handed in later; it is not in the sum.",
        "ask": "Please confirm the receipt of this claim, and settle it or answer it with reasons before {until}.",
        "enclosed": "Enclosed: {files}.",
        "head": "Request|SKU|What|Pieces|Amount|Claim until",
        "purchase_cost": "what it cost us",
        "card_price": "its price on the card",
        "resale": "its resale value",
        "short": "missing when the count was closed",
        "lost_in_transit": "lost on the way",
        "lost_by_partner": "lost in your warehouse",
        "damaged": "damaged on arrival",
        "concealed_damage": "concealed damage",
        "wrong_item": "another article in its place",
        "disposed_without_consent": "destroyed without our consent",
        "identity_broken": "request complete, pieces nowhere",
        "reversed": "compensation taken back without the goods",
        "fee_twice": "fee charged twice",
        "fee_beyond_moved": "fee for pieces that never moved",
    },
    "ru": {
        "title": "Претензия {claim_id}",
        "to": "Складу {warehouse_id}, {day}",
        "why": "{merchant} подал заявки на возврат товара. Заявленное, сообщённое вами и принятое нашим складом не"
        " сходится. Просим возместить {qty} шт. на сумму {amount} {currency}.",
        "basis": "Штука оценена: {basis}.",
        "unvalued": "Стоимость ещё {unvalued} шт. будет заявлена позже; в сумму она не входит.",
        "ask": "Просим подтвердить получение претензии и удовлетворить её либо дать мотивированный ответ до {until}.",
        "enclosed": "Приложения: {files}.",
        "head": "Заявка|SKU|Что|Штук|Сумма|Предъявить до",
        "purchase_cost": "по закупочной цене",
        "card_price": "по цене карточки",
        "resale": "по цене перепродажи",
        "short": "недостача при закрытии приёмки",
        "lost_in_transit": "утеряно в пути",
        "lost_by_partner": "утеряно на вашем складе",
        "damaged": "брак при приёмке",
        "concealed_damage": "скрытые повреждения",
        "wrong_item": "пересорт: другой товар вместо этого",
        "disposed_without_consent": "утилизировано без согласия",
        "identity_broken": "заявка завершена, товара нет",
        "reversed": "компенсация отозвана без товара",
        "fee_twice": "сбор взят дважды",
        "fee_beyond_moved": "сбор за неотправленный товар",
    },
    "zh": {
        "title": "索赔函 {claim_id}",
        "to": "致仓库 {warehouse_id}，{day}",
        "why": "{merchant} 已申请退回货物。申请数量、贵方报告与我方收货点数不符。我方就 {qty} 件索赔 {amount} {currency}。",
        "basis": "每件计价依据：{basis}。",
        "unvalued": "另有 {unvalued} 件价值待补报，未计入金额。",
        "ask": "请确认收到本函，并在 {until} 之前赔付或书面说明理由。",
        "enclosed": "附件：{files}。",
        "head": "申请单|SKU|事由|件数|金额|索赔期限",
        "purchase_cost": "进货成本",
        "card_price": "商品卡价格",
        "resale": "转售价值",
        "short": "点收结束时缺少",
        "lost_in_transit": "运输途中丢失",
        "lost_by_partner": "在贵仓丢失",
        "damaged": "到货时损坏",
        "concealed_damage": "隐蔽损坏",
        "wrong_item": "以其他商品顶替",
        "disposed_without_consent": "未经同意销毁",
        "identity_broken": "申请已完结，货物下落不明",
        "reversed": "赔偿被收回且无货物",
        "fee_twice": "重复收费",
        "fee_beyond_moved": "对未移动的件数收费",
    },
}


def write_letter(facts: ClaimFacts, language: str) -> Letter:
    """Word a claim in one of LANGUAGES."""
    words = _WORDS[language]
    days = sorted(str(line["claim_until_on"]) for line in facts.lines if line["claim_until_on"])
    told = {
        "claim_id": facts.claim_id,
        "merchant": facts.merchant,
        "warehouse_id": facts.warehouse_id,
        "day": facts.claimed_on.isoformat(),
        "qty": sum(int(str(line["qty"])) for line in facts.lines),
        "amount": amount_of(facts.amount_minor),
        "currency": facts.currency,
        "basis": words[facts.basis],
        "unvalued": facts.unvalued_qty,
        "until": days[0] if days else "–",
        "files": ", ".join(facts.enclosures),
    }
    closing = ["unvalued"] if facts.unvalued_qty else []
    return Letter(
        title=words["title"].format(**told),
        opening=tuple(words[name].format(**told) for name in ("to", "why", "basis")),
        head=tuple(words["head"].split("|")),
        rows=tuple(_row(line, words) for line in facts.lines),
        closing=tuple(words[name].format(**told) for name in (*closing, "ask", "enclosed")),
    )


def _row(line: Mapping[str, object], words: Mapping[str, str]) -> tuple[str, ...]:
    minor = line["value_minor"]
    return (
        str(line["request_no"]),
        str(line["sku"]),
        words[str(line["kind"])],
        str(line["qty"]),
        "–" if minor is None else amount_of(int(str(minor))),
        str(line["claim_until_on"] or "–"),
    )
