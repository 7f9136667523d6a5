"""Methods of the marketplace that were switched off: a client that still calls them is told so."""

from fastapi import APIRouter

from include.sandbox.doors.ozon_call import refused

RETIRED = (
    "/v1/warehouse/list",
    "/v1/delivery-method/list",
    "/v1/product/info/stocks-by-warehouse/fbs",
    "/v1/analytics/manage/stocks",
    "/v2/posting/fbo/list",
    "/v3/posting/fbs/list",
    "/v3/posting/fbs/unfulfilled/list",
    "/v3/finance/transaction/list",
    "/v3/finance/transaction/totals",
    "/v1/actions/candidates",
    "/v1/actions/products",
    "/v1/actions/products/activate",
    "/v1/actions/products/deactivate",
    "/v2/returns/rfbs/reject",
    "/v2/returns/rfbs/compensate",
    "/v2/returns/rfbs/verify",
    "/v2/returns/rfbs/receive-return",
    "/v2/returns/rfbs/return-money",
)
router = APIRouter(tags=["ozon, switched off"])


async def _gone() -> None:
    raise refused(9, "obsolete method cannot be used")


for path in RETIRED:
    router.add_api_route(
        path,
        _gone,
        methods=["POST"],
        deprecated=True,
        operation_id=path.strip("/").replace("/", "_"),
        summary="Switched off",
    )
