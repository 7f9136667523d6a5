"""The marketplace's documented examples, and what any answer is held to."""

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema

from include.sandbox.shapes import methods, schema

FOLDER = Path(__file__).parent / "recorded"
RECORDED: dict[str, dict[str, Any]] = {
    example["method"]: example
    for example in (json.loads(file.read_text("utf-8")) for file in sorted(FOLDER.glob("*.json")))
}
# rows and the fields that lead to the next page, by the style of the method
LISTS = {
    "/v3/product/list": ("result.items", ("result.last_id", "result.total")),
    "/v4/product/info/attributes": ("result", ("last_id", "total")),
    "/v4/product/info/stocks": ("items", ("cursor", "total_items")),
    "/v5/product/info/prices": ("items", ("cursor", "total_items")),
    "/v1/product/info/stocks-by-warehouse/fbo": ("products", ("cursor", "has_next")),
    "/v2/product/info/stocks-by-warehouse/fbs": ("products", ("cursor", "has_next")),
    "/v1/posting/fbp/list": ("postings", ("cursor",)),
    "/v3/posting/fbo/list": ("postings", ("cursor", "has_next")),
    "/v4/posting/fbs/list": ("postings", ("cursor", "has_next")),
    "/v1/fbp/order/list": ("items", ("last_id", "has_next")),
    "/v1/fbp/draft/list": ("items", ("last_id", "has_next")),
    "/v1/fbp/archive/list": ("items", ("last_id", "has_next")),
    "/v1/removal/from-stock/list": ("returns_summary_report_rows", ("last_id",)),
    "/v1/removal/from-supply/list": ("returns_summary_report_rows", ("last_id",)),
    "/v2/actions/candidates": ("products", ("last_id", "total")),
    "/v2/actions/products": ("products", ("last_id", "total")),
    "/v1/seller-actions/list": ("actions", ("total",)),
    "/v1/seller-actions/products/candidates": ("products", ("cursor", "has_next")),
    "/v1/seller-actions/products/list": ("products", ("cursor", "has_next")),
    "/v2/warehouse/list": ("warehouses", ("cursor", "has_next")),
    "/v2/returns/rfbs/list": ("returns", ()),
    "/v1/returns/list": ("returns", ("has_next",)),
    "/v3/chat/list": ("chats", ("cursor", "has_next")),
    "/v2/delivery-method/list": ("delivery_methods", ("cursor", "has_next")),
    "/v1/finance/accrual/by-day": ("accruals", ("last_id",)),
}


def dig(answer: dict[str, Any], path: str) -> Any:
    """Read a field by its dotted path."""
    found: Any = answer
    for name in path.split("."):
        found = found[name]
    return found


def closed(of: dict[str, Any]) -> dict[str, Any]:
    """A schema that allows no field it does not name."""
    strict = copy.deepcopy(of)
    stack = [strict]
    while stack:
        one = stack.pop()
        if "properties" in one:
            one["additionalProperties"] = False
            stack.extend(one["properties"].values())
        if "items" in one:
            stack.append(one["items"])
    return strict


def missing(recorded: Any, answer: Any, where: str = "") -> list[str]:
    """Fields of the recorded example that an answer lacks; members of lists are told by their first."""
    if isinstance(recorded, list) and recorded:
        if not answer:
            return [f"{where}[] is empty"]
        return missing(recorded[0], answer[0], f"{where}[]")
    if not isinstance(recorded, dict) or answer is None:
        return []
    found = []
    for name, inner in recorded.items():
        place = f"{where}.{name}"
        found += missing(inner, answer[name], place) if name in answer else [place]
    return found


def hold_to_the_documents(path: str, answer: dict[str, Any]) -> None:
    """Assert names and types of every field, the fields of the example, and those of paging."""
    jsonschema.validate(answer, closed(schema(methods()[path].response)))
    assert missing(RECORDED[path]["response"], answer) == []
    rows, fields = LISTS.get(path, ("", ()))
    for field in fields:
        dig(answer, field)
    assert not rows or dig(answer, rows)
