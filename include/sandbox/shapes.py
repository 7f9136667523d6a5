"""
The documented shape of every marketplace method: checks requests, completes answers, makes the OpenAPI.

The files in `documented/` name every field and its type (source: the marketplace's published
schemas, April to October 2026). `!` marks a required field of a request; a list holds the shape of
its members; int64 may come as a number or as text, as the service itself does it.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

Shape = Any  # a type name, a list of one shape, or fields by name
MISSING = object()
_FOLDER = Path(__file__).parent / "documented"
_AS_IN = "as in "
_DEFAULTS: dict[str, Any] = {"string": "", "int32": 0, "int64": 0, "double": 0, "bool": False, "any": None}
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "int32": (int,),
    "int64": (int, str),
    "double": (int, float),
    "bool": (bool,),
}
_SCHEMAS: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "int32": {"type": "integer", "format": "int32"},
    "int64": {"oneOf": [{"type": "integer", "format": "int64"}, {"type": "string", "pattern": "^[0-9]+$"}]},
    "double": {"type": "number"},
    "bool": {"type": "boolean"},
    "any": {},
}


@dataclass(frozen=True, slots=True)
class Method:
    """One method of the marketplace: how it is asked and what it answers."""

    path: str
    http: str
    request: dict[str, Shape]
    response: dict[str, Shape]


@cache
def methods() -> dict[str, Method]:
    """Read the documented methods, by path."""
    raw: dict[str, Any] = {}
    for file in sorted(_FOLDER.glob("*.json")):
        raw |= json.loads(file.read_text("utf-8"))
    return {path: _method(path, raw) for path in raw}


def _method(path: str, raw: dict[str, Any]) -> Method:
    told = raw[raw[path].get("like", path)]
    response = {
        name: raw[shape.removeprefix(_AS_IN)]["response"][name]
        if isinstance(shape, str) and shape.startswith(_AS_IN)
        else shape
        for name, shape in told["response"].items()
    }
    return Method(path, told["http"], told["request"], response)


def complaint(shape: Shape, value: object, where: str = "request") -> str | None:
    """Say what is wrong with a request; unknown fields and whatever is null or empty are let pass."""
    if isinstance(shape, dict):
        return _object_complaint(shape, value, where)
    if isinstance(shape, list):
        if not isinstance(value, list):
            return f"{where}: a list is expected"
        found = (complaint(shape[0], item, f"{where}[{n}]") for n, item in enumerate(value))
        return next((text for text in found if text), None)
    wrong_bool = isinstance(value, bool) and shape not in ("bool", "any")
    wrong = shape != "any" and (wrong_bool or not isinstance(value, _TYPES[shape]))
    if wrong or (shape == "int64" and isinstance(value, str) and not value.isdecimal()):
        return f"{where}: invalid value for {shape} field"
    return None


def _object_complaint(shape: dict[str, Shape], value: object, where: str) -> str | None:
    if not isinstance(value, dict):
        return f"{where}: an object is expected"
    for key, inner in shape.items():
        name = key.removesuffix("!")
        given = value.get(name)
        if given in (None, "") and key.endswith("!"):
            return f"{where}.{name}: value is required"
        text = None if given in (None, "") else complaint(inner, given, f"{where}.{name}")
        if text:
            return text
    return None


def complete(shape: Shape, value: Any) -> Any:
    """Fill in whatever the world does not know: empty, zero or null, as the service does."""
    if isinstance(shape, list) and isinstance(value, list):
        return [complete(shape[0], item) for item in value] if isinstance(shape[0], dict) else value
    if not isinstance(shape, dict) or not isinstance(value, dict):
        return value
    whole = {name: _empty(inner) for name, inner in shape.items() if name not in value}
    for name, given in value.items():
        if given is not MISSING:
            whole[name] = complete(shape.get(name), given)
    return whole


def _empty(shape: Shape) -> Any:
    if isinstance(shape, list):
        return []
    return None if isinstance(shape, dict) else _DEFAULTS[shape]


def schema(shape: Shape) -> dict[str, Any]:
    """Write a shape as a JSON schema."""
    if isinstance(shape, list):
        return {"type": "array", "items": schema(shape[0])}
    if isinstance(shape, str):
        return dict(_SCHEMAS[shape])
    required = [name.removesuffix("!") for name in shape if name.endswith("!")]
    fields = {name.removesuffix("!"): schema(inner) for name, inner in shape.items()}
    return {"type": ["object", "null"], "properties": fields} | ({"required": required} if required else {})


def openapi(method: Method) -> dict[str, Any]:
    """Describe a method for the OpenAPI document."""
    answers = {"200": _content("As documented", schema(method.response))}
    for status, text in (("400", "Bad request"), ("403", "No right"), ("429", "Too many requests")):
        answers[status] = _content(text, {"$ref": "#/components/schemas/OzonError"})
    headers = [
        {"in": "header", "name": name, "required": True, "schema": {"type": "string"}}
        for name in ("Client-Id", "Api-Key")
    ]
    told: dict[str, Any] = {"parameters": headers, "responses": answers}
    if method.http == "POST":
        told["requestBody"] = {"required": True} | _content("", schema(method.request))
        del told["requestBody"]["description"]
    return told


def _content(text: str, of: dict[str, Any]) -> dict[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": of}}}
