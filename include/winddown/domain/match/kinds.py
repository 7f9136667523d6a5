"""What a partner or a dock can report, and the words others use for it."""

from collections.abc import Mapping

PARTNER = "partner"
DOCK = "dock"
LEGS = (PARTNER, DOCK)

PARTNER_KINDS: Mapping[str, str] = {
    "shipped": "pieces on their way, under one shipment, carton or tracking number",
    "cancelled": "pieces that will not be sent",
    "disposed": "pieces destroyed by the partner",
    "lost": "pieces the partner says it lost",
    "sold": "pieces a buyer got after they had been asked back",
    "compensated": "pieces the partner paid for in money",
    "compensated_stock": "pieces the partner made good in goods",
    "reversed": "pieces whose compensation the partner took back",
    "reversed_stock": "pieces made good in goods that the partner took back",
    "customer_return": "pieces that came back from buyers and are new stock, not part of a request",
    "fee": "what the partner charges, for so many pieces",
    "correction": "pieces to add to what was shipped; the only kind that may be below zero",
    "completed": "the partner says the request is finished",
    "status": "news without pieces",
}
DOCK_KINDS: Mapping[str, str] = {
    "received_ok": "pieces counted in the condition asked for",
    "received_damaged": "pieces counted and not fit for sale",
    "received_wrong": "pieces counted in place of the ones expected",
    "concealed_damage": "pieces counted as good before, found damaged later; same shipment",
    "correction": "pieces to add to what was counted as good; the only kind that may be below zero",
    "count_closed": "the count of the request, or of one shipment of it, is over",
    "short_closed": "pieces nobody waits for any more, by decision of a named person",
}
KINDS: Mapping[str, Mapping[str, str]] = {PARTNER: PARTNER_KINDS, DOCK: DOCK_KINDS}
DEFAULT_KIND: Mapping[str, str] = {PARTNER: "shipped", DOCK: "received_ok"}
SCOPES: Mapping[str, str] = {
    "completed": "request",
    "count_closed": "request",
    "fee": "fee",
    "status": "news",
    "customer_return": "customer_return",
}
"""What a kind is about, where it is not a line: the whole request, money, news, or new stock."""

OZON_STATES: Mapping[str, str] = {
    "доступно к вывозу": "status",
    "уже в заявке на вывоз": "status",
    "подготовка к вывозу": "status",
    "собрано": "status",
    "в процессе утилизации": "status",
    "в пути": "shipped",
    "на сц": "shipped",
    "у курьера": "shipped",
    "неудачная попытка доставки": "shipped",
    "в пункте выдачи": "shipped",
    "получена": "shipped",
    "потеряна": "lost",
    "компенсировано продавцу": "compensated",
    "утилизирована": "disposed",
    "отменено": "cancelled",
}
"""Box states of Ozon's FBO removal reports; one that is not here goes to a person, never to 'closed'."""

CONDITION_WORDS: Mapping[str, str] = {
    "sellable": "sellable",
    "fulfillable": "sellable",
    "damaged_by_seller": "damaged_by_seller",
    "damaged_by_warehouse": "damaged_by_warehouse",
    "unsellable": "damaged_by_warehouse",
    "unfulfillable": "damaged_by_warehouse",
    "lost": "lost",
}
PIECE_WORDS = ("", "each", "ea", "pc", "pcs", "piece", "pieces", "шт", "шт.", "件", "个")
FINAL_WORDS = ("completed", "complete", "closed", "завершена", "завершено", "выполнена", "已完成")
DISPOSAL_WORDS = ("disposal", "dispose", "утилизация", "销毁")


def words_of(leg: str) -> Mapping[str, str]:
    """Give every word a file of this leg may use for a kind, in small letters, with the kind."""
    own = {kind: kind for kind in KINDS[leg]}
    return {**own, **OZON_STATES} if leg == PARTNER else own
