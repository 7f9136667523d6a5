"""One HTTP server with all doors of the world."""

from collections.abc import Callable
from functools import partial
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from include.sandbox import trouble
from include.sandbox.doors import (
    clerk,
    control,
    dock,
    ozon_account,
    ozon_actions,
    ozon_catalogue,
    ozon_fbs,
    ozon_finance,
    ozon_orders,
    ozon_prices,
    ozon_removals,
    ozon_retired,
    ozon_seller_actions,
    ozon_service,
    ozon_stock,
    ozon_supplies,
    ozon_validate,
    ozon_warehouses,
    partner,
)
from include.sandbox.faults import Faults
from include.sandbox.keys import Keys
from include.sandbox.limits import EVERY_SECOND, Limits
from include.sandbox.post import Post
from include.sandbox.world import World

DOORS = (
    ozon_account.router,
    ozon_catalogue.router,
    ozon_stock.router,
    ozon_orders.router,
    ozon_fbs.router,
    ozon_service.router,
    ozon_supplies.router,
    ozon_validate.router,
    ozon_removals.router,
    ozon_prices.router,
    ozon_actions.router,
    ozon_seller_actions.router,
    ozon_warehouses.router,
    ozon_finance.router,
    ozon_retired.router,
    partner.writing,
    partner.reading,
    dock.router,
    control.router,
    control.public,
    clerk.router,
)


def make_app(world: World, per_second: int = EVERY_SECOND) -> FastAPI:
    """Open every door of a world; the marketplace may be asked so often a second, 0 = as often as you like."""
    app = FastAPI(title="winddown sandbox", version="1", docs_url=None, redoc_url=None)
    app.state.world = world
    app.state.faults = Faults()
    app.state.made_at = {}
    app.state.post = Post(faults=app.state.faults, password=world.state.secrets["smtp_password"])
    app.state.keys = Keys()
    app.state.limits = Limits(lambda: world.state.day, per_second)
    for router in DOORS:
        app.include_router(router)
    app.openapi = partial(_described, app.openapi)  # type: ignore[method-assign]
    app.add_exception_handler(trouble.Refusal, trouble.on_refusal)
    app.add_exception_handler(trouble.Misbehaviour, trouble.on_misbehaviour)
    app.add_exception_handler(RequestValidationError, trouble.on_bad_request)
    app.add_exception_handler(HTTPException, trouble.on_no_such_path)
    return app


def _described(describe: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Add the marketplace's error shape to the OpenAPI document."""
    document = describe()
    fields = {"code": {"type": "integer"}, "message": {"type": "string"}, "details": {"type": "array"}}
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas["OzonError"] = {"type": "object", "properties": fields, "required": ["code", "message"]}
    return document
