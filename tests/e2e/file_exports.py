"""A merchant of two products as file exports: small, and in a world of their own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from include.local.runs import Run
from include.local.stack import Stack
from tests.e2e.people import Office

DAYS = ("2010-12-20", "2010-12-21")
LAMPS = 41
_CATALOGUE = """\
sku,offer_id,barcode,name,length_mm,width_mm,height_mm,weight_g,handling_class,price,currency,unit_cost,resale_value
101,a-1,4600000000017,Lamp,200,100,100,500,standard,{lamp},GBP,8.00,6.00
102,b-2,4600000000024,Vase,300,200,200,900,fragile,{vase},GBP,12.00,9.00
"""
_ORDERS = """\
posting_number,status,in_process_at,warehouse_id,offer_id,sku,quantity,price,currency
P-1,delivered,{sold[0]}T08:00:00Z,WH-A,a-1,101,4,19.90,GBP
P-2,{status},{sold[1]}T08:00:00Z,WH-B,b-2,102,2,29.90,GBP
"""
STOCK = """\
warehouse_id,offer_id,sku,stock_status,quantity,reserved,snapshot_at
WH-A,a-1,101,1,{lamps},0,{day}T22:00:00Z
WH-B,b-2,102,1,60,0,{day}T22:00:00Z
WH-B,b-2,102,2,3,0,{day}T22:00:00Z
"""


PRICES = {"a-1": "19.90", "b-2": "29.90"}
SOLD = ("2010-12-01", "2010-12-06")


def catalogue(prices: Mapping[str, str] = PRICES) -> str:
    """The catalogue's file; prices by offer."""
    return _CATALOGUE.format(lamp=prices["a-1"], vase=prices["b-2"])


def orders(status: str, sold: tuple[str, str] = SOLD) -> str:
    """The orders' file: each product was sold once; the status is that of the vases' order."""
    return _ORDERS.format(status=status, sold=sold)


def write_day(
    folder: Path,
    day: str,
    *,
    status: str,
    lamps: int,
    sold: tuple[str, str] = SOLD,
    prices: Mapping[str, str] = PRICES,
) -> None:
    """Write the exports of one day: when each product was sold once, and its price by offer."""
    (folder / day).mkdir(exist_ok=True)
    (folder / "catalogue.csv").write_text(catalogue(prices))
    (folder / day / "orders.csv").write_text(orders(status, sold))
    (folder / day / "stock.csv").write_text(STOCK.format(day=day, lamps=lamps))


def exports_office(stack: Stack, exit_id: str, merchant: str, **changes: Any) -> Office:
    """An exit that works on files, with changes of its form."""
    form = {
        "merchant": merchant,
        "marketplace_conn": "exports_marketplace",
        "desk_conn": "exports_desk",
        "dock_conn": "exports_dock",
        "currency": "GBP",
        "opened_on": "2010-12-07",
        "deadline_on": "2011-03-01",
    }
    return Office(stack, exit_id, **(form | changes))


def put_up(stack: Stack, exit_id: str, *, by: str = "operator", **form) -> tuple[Office, Run]:
    """Open an exit and take its first snapshot; the run that will ask about the plan."""
    folder = stack.wish.input_folder
    assert folder is not None
    for day in DAYS:
        write_day(folder, day, status="delivered", lamps=LAMPS)
    office = exports_office(stack, exit_id, "Approved merchant", **form)
    assert office.open().state() == "success"
    assert office.snapshot(by=by, as_of=DAYS[0]).succeeded("snapshot.publish")
    return office, office.plan()
