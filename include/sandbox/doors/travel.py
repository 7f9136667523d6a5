"""What an event of a return may tell beside its pieces, at the partner's door and at the dock's."""

from pydantic import BaseModel, ConfigDict, Field

PARTNER_KINDS = (
    *("shipped", "cancelled", "disposed", "lost", "sold", "compensated", "compensated_stock", "reversed"),
    *("reversed_stock", "customer_return", "fee", "correction", "completed", "status"),
)
DOCK_KINDS = (
    *("received_ok", "received_damaged", "received_wrong", "concealed_damage", "correction"),
    *("count_closed", "short_closed"),
)


class Travel(BaseModel):
    """Fields that may be missing or empty."""

    shipment_no: str = ""
    carton_id: str = ""
    tracking_number: str = ""
    report_no: str = ""
    barcode: str = ""
    measure: str = Field(
        default="", description="delta = so many more (also when empty), total = so many so far"
    )
    unit: str = Field(default="", description="empty = pieces")
    place: str = ""
    carton_weight_g: int | None = None
    amount: str | None = Field(default=None, description="as 12.50")
    currency: str = ""
    by_whom: str = ""
    note: str = ""
    photos: list[str] = Field(default_factory=list)


class News(Travel):
    """Something that partner or dock shall tell; an id told before is told anew."""

    model_config = ConfigDict(extra="forbid")
    event_id: str | None = None
    count_id: str | None = None
    request_no: str = ""
    kind: str
    sku: str = ""
    condition: str = ""
    quantity: int = 0
    happened_at: str | None = None
    counted_at: str | None = None
