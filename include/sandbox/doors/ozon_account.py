"""The marketplace's account: what a key may do, and whose it is."""

from typing import Any

from include.sandbox.doors.ozon_call import Call, OzonRouter
from include.sandbox.seeding import CURRENCY

router = OzonRouter()


@router.method("/v1/roles")
def roles(call: Call) -> dict[str, Any]:
    """Tell the roles of the key, their methods and the key's end."""
    return call.key.told()


@router.method("/v1/seller/info")
def seller_info(_call: Call) -> dict[str, Any]:
    """Tell whose account it is."""
    company = {
        "country": "CN",
        "currency": CURRENCY,
        "legal_name": "Winddown Sandbox Trading Ltd",
        "name": "Sandbox gifts",
        "ownership_form": "LLC",
        "tax_system": "UNSPECIFIED",
    }
    return {"company": company, "ratings": [], "subscription": {"is_premium": False, "type": "UNSPECIFIED"}}
