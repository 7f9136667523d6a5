"""Sentences for pieces whose state decides, not money."""

from typing import NamedTuple


class Fixed(NamedTuple):
    """
    What one language says.

    Attributes:
        too_large, lost: whole sentences.
        damaged: by condition and disposition.
        reserved, committed, both: with {reserved} and {committed} pieces.
    """

    too_large: str
    lost: str
    damaged: dict[tuple[str, str], str]
    reserved: str
    committed: str
    both: str

    def held(self, reserved_qty: int, committed_qty: int) -> str:
        """Say why pieces are spoken for."""
        text = (
            self.both if reserved_qty and committed_qty else self.reserved if reserved_qty else self.committed
        )
        return text.format(reserved=reserved_qty, committed=committed_qty)


ENGLISH = Fixed(
    too_large="One piece is heavier or larger than a shipment may be: ask for a special transport.",
    lost="The warehouse reports them lost: nothing to move, a claim against the warehouse.",
    damaged={
        ("damaged_by_seller", "return"): "Damaged by seller: by policy it goes back.",
        ("damaged_by_seller", "dispose"): "Damaged by seller: by policy it is disposed of.",
        ("damaged_by_warehouse", "return"): "Damaged by warehouse: by policy it goes back.",
        ("damaged_by_warehouse", "dispose"): "Damaged by warehouse: by policy it is disposed of.",
    },
    reserved="{reserved} reserved for orders.",
    committed="{committed} already on approved returns.",
    both="{reserved} reserved for orders and {committed} already on approved returns.",
)

RUSSIAN = Fixed(
    too_large="Одна штука тяжелее или больше, чем допускает отправка: нужна особая перевозка.",
    lost="Склад сообщает об утере: перемещать нечего, нужна претензия к складу.",
    damaged={
        ("damaged_by_seller", "return"): "Повреждено продавцом: по правилам возвращается.",
        ("damaged_by_seller", "dispose"): "Повреждено продавцом: по правилам утилизируется.",
        ("damaged_by_warehouse", "return"): "Повреждено складом: по правилам возвращается.",
        ("damaged_by_warehouse", "dispose"): "Повреждено складом: по правилам утилизируется.",
    },
    reserved="Зарезервировано под заказы: {reserved} шт.",
    committed="Уже в утверждённых возвратах: {committed} шт.",
    both="Зарезервировано под заказы: {reserved} шт., уже в утверждённых возвратах: {committed} шт.",
)

CHINESE = Fixed(
    too_large="单件超出一批货物的重量或尺寸限制：请安排特殊运输。",
    lost="仓库报告已丢失：无货可移，请向仓库索赔。",
    damaged={
        ("damaged_by_seller", "return"): "卖家造成损坏：按规则退回。",
        ("damaged_by_seller", "dispose"): "卖家造成损坏：按规则销毁。",
        ("damaged_by_warehouse", "return"): "仓库造成损坏：按规则退回。",
        ("damaged_by_warehouse", "dispose"): "仓库造成损坏：按规则销毁。",
    },
    reserved="{reserved} 件已为订单预留。",
    committed="{committed} 件已在批准的退货中。",
    both="{reserved} 件已为订单预留，{committed} 件已在批准的退货中。",
)

FIXED = {"en": ENGLISH, "ru": RUSSIAN, "zh": CHINESE}
