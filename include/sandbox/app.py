"""One HTTP server with all doors of the world."""

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from include.sandbox import trouble
from include.sandbox.doors import control, dock, ozon, ozon_orders, partner
from include.sandbox.faults import Faults
from include.sandbox.world import World


def make_app(world: World) -> FastAPI:
    """Open every door of a world."""
    app = FastAPI(title="winddown sandbox", version="1", docs_url=None, redoc_url=None)
    app.state.world = world
    app.state.faults = Faults()
    routers = (
        ozon.router,
        ozon_orders.router,
        partner.writing,
        partner.reading,
        dock.router,
        control.router,
        control.public,
    )
    for router in routers:
        app.include_router(router)
    app.add_exception_handler(trouble.Refusal, trouble.on_refusal)
    app.add_exception_handler(trouble.Misbehaviour, trouble.on_misbehaviour)
    app.add_exception_handler(RequestValidationError, trouble.on_bad_request)
    app.add_exception_handler(HTTPException, trouble.on_no_such_path)
    return app
