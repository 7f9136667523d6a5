"""Which facts prove a claim: parcels, weights, tracking numbers, photos and acts of its requests."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]


def evidence_tables(
    lines: Sequence[Row], parcels: Iterable[Row], cartons: Iterable[Row], events: Sequence[Row]
) -> dict[str, list[dict[str, Any]]]:
    """
    Choose the rows of an evidence pack.

    Args:
        lines: the claimed discrepancies, with request_no and sku.
        parcels: sent and counted by parcel.
        cartons: weighed cartons with their verdict.
        events: of the claimed requests; raw may name photos and report_no an act.
    """
    requests = {line["request_no"] for line in lines}
    products = {(line["request_no"], line["sku"]) for line in lines}
    mine = [dict(one) for one in parcels if (one["request_no"], one["sku"]) in products]
    names = {(one["shipment_no"], one["carton_id"]) for one in mine}
    weights = [dict(one) for one in cartons if (one["shipment_no"], one["carton_id"]) in names]
    tracking = sorted({(one["request_no"], one["tracking_no"]) for one in events if one["tracking_no"]})
    acts = sorted(
        {(one["source"], one["request_no"], one["report_no"]) for one in events if one["report_no"]}
    )
    return {
        "lines": [dict(line) for line in lines],
        "parcels": mine,
        "weights": weights,
        "tracking": [
            {"request_no": number, "tracking_no": told} for number, told in tracking if number in requests
        ],
        "photos": [
            {"request_no": one["request_no"], "event_id": one["event_id"], "photo": str(photo)}
            for one in events
            for photo in _photos(one["raw"])
        ],
        "acts": [{"source": source, "request_no": number, "act": act} for source, number, act in acts],
    }


def _photos(raw: object) -> list[object]:
    found = raw.get("photos", []) if isinstance(raw, Mapping) else []
    return list(found) if isinstance(found, list) else []
