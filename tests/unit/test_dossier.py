"""The facts behind an application, and the text made of them."""

import json
from dataclasses import asdict, replace
from datetime import date

import pytest

from include.winddown.adapters.letters.application import write_application
from include.winddown.domain.application import Request
from include.winddown.domain.dossier import CODES, Obstacle, StockSum, compile_dossier, read_dossier
from include.winddown.domain.exits import Exit, Policy
from include.winddown.domain.gate import OpenSupply, PendingLine, ReservedStock, decide

SELLABLE = StockSum(
    warehouse_id="WH-2",
    condition="sellable",
    sku_qty=2,
    on_hand_qty=30,
    reserved_qty=4,
    price_minor=123_456_789,
    cost_minor=9_000,
    unpriced_qty=3,
)
LOST = replace(SELLABLE, warehouse_id="WH-1", condition="lost", on_hand_qty=7, reserved_qty=0, price_minor=70)
EMPTY = replace(SELLABLE, warehouse_id="WH-0", on_hand_qty=0, price_minor=0)
CLEAR = decide([], [])
BUSY = replace(
    decide(
        [
            PendingLine(
                posting_number=f"P-{n:02d}", status="awaiting_deliver", warehouse_id="WH-2", sku="A", qty=1
            )
            for n in range(25)
        ],
        [ReservedStock(warehouse_id="WH-2", sku="A", qty=4)],
        2,
        [
            OpenSupply(
                supply_id="S-1",
                status="NEW",
                warehouse_id="WH-2",
                units_qty=9,
                can_be_cancelled="yes",
                listed_in="orders",
            )
        ],
    ),
    in_transit_qty=120,
    in_transit_orders=tuple(f"T-{n}" for n in range(100)),
    supplies_known=False,
)
EXIT = Exit(
    exit_id="demo-1",
    merchant="Ромашка & Co",
    marketplace_conn="m",
    desk_conn="d",
    dock_conn="k",
    destination="OWN-1",
    currency="RUB",
    opened_on=date(2026, 11, 1),
    deadline_on=date(2027, 1, 31),
    policy=Policy(),
)
REQUEST = Request(
    scheme="fbp",
    country="RU",
    reason="own_stock_control",
    reason_words="We ship <ourselves>.",
    contact_name="Ada",
    contact_email="ada@firm.example",
    contact_phone="+74951234567",
    return_address="Moscow, Lesnaya 1",
)


def test_stock_is_summed_without_what_is_lost():
    """Lost pieces are listed apart: a claim, and nothing that could be processed."""
    dossier = compile_dossier("RUB", [SELLABLE, LOST, EMPTY], CLEAR)
    assert [one.warehouse_id for one in dossier.stock] == ["WH-1", "WH-2"]
    assert (dossier.units_qty, dossier.lost_qty, dossier.price_minor) == (30, 7, 123_456_789)
    assert (dossier.cost_minor, dossier.unpriced_qty) == (9_000, 3)
    assert dossier.obstacles == (Obstacle(code="unprocessed_stock", qty=30, names=("WH-2",)),)


def test_everything_that_would_be_refused_is_named():
    """In the order in which to deal with it; what is not known is an obstacle too."""
    dossier = compile_dossier("RUB", [SELLABLE], BUSY, promotions=["Sale", "Sale"], strategies=["Follow"])
    assert [(one.code, one.qty, one.more_qty) for one in dossier.obstacles] == [
        ("unfinished_orders", 25, 5),
        ("reserved_stock", 4, 0),
        ("unread_orders", 2, 0),
        ("unprocessed_stock", 30, 0),
        ("open_supplies", 1, 0),
        ("supplies_unknown", 0, 0),
        ("orders_in_transit", 120, 100),
        ("running_promotions", 2, 0),
    ]
    assert tuple(one.code for one in dossier.obstacles) == CODES
    assert dossier.obstacles[0].names[:2] == ("P-00", "P-01")


def test_nothing_left_is_nothing_to_refuse():
    """An empty warehouse without orders; whether promotions run is not known, and said so."""
    dossier = compile_dossier("RUB", [EMPTY], CLEAR)
    assert (dossier.obstacles, dossier.promotions, dossier.strategies) == ((), None, None)


@pytest.mark.parametrize("verdict", [CLEAR, BUSY])
def test_a_dossier_survives_json(verdict):
    """It is kept with the version it belongs to."""
    dossier = compile_dossier("RUB", [SELLABLE, LOST], verdict, promotions=["Sale"])
    assert read_dossier(json.loads(json.dumps(asdict(dossier)))) == dossier


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            [
                "scheme by 2027-01-31",
                "control of our own stock",
                "lost: 7 pieces",
                "and 5 more)",
                "30 pieces of 2",
            ],
        ),
        (
            "ru",
            [
                "не позднее 31.01.2027",
                "незавершённые заказы: 25",
                "и ещё 5)",
                "утерян: 7 шт.",
                "в резерве: 4",
            ],
        ),
        (
            "zh",
            [
                "2027 年 1 月 31 日",
                "未完成订单：25（P-00、P-01",
                "，另有 5 项）",
                "丢失：7 件",
                "已预留 4 件",
            ],
        ),
    ],
)
def test_an_application_is_ready_to_paste(language, words):
    """Scheme, day, reason, stock, obstacles, address and contact, with nothing escaped and nothing undefined."""
    dossier = compile_dossier("RUB", [SELLABLE, LOST], BUSY)
    text = write_application(EXIT, REQUEST, dossier, date(2026, 11, 24))[language]
    always = [
        "Ромашка & Co",
        "We ship <ourselves>.",
        "FBP",
        "1 234 567.89 RUB",
        "Lesnaya 1",
        "ada@firm.example",
    ]
    assert [word for word in (*always, *words) if word not in text] == []
    assert "{" not in text
    assert "\n\n\n" not in text


def test_an_application_of_an_empty_warehouse_names_no_obstacle():
    """Nothing is promised that need not be done."""
    texts = write_application(EXIT, REQUEST, compile_dossier("RUB", [], CLEAR), date(2026, 11, 24))
    assert "- nothing\n\nPlease send" in texts["en"]
    assert "товара нет\n\nВозвращаемый" in texts["ru"]
    assert "无库存\n\n退货" in texts["zh"]
