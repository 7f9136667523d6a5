"""JSON is read without guessing, and a reply's value knows its path."""

import pytest

from include.winddown.adapters.strict_json import NotJson, Part, strict_json
from include.winddown.domain.errors import ContractBroken


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html></html>",
        b'{"qty": NaN}',
        b'{"qty": -Infinity}',
        b'{"qty": 1e309}',
        b'{"qty": 1, "qty": 100}',
        b'{"name": "\\ud800"}',
        b'{"name": "a\\u0000b"}',
        b'{"name": "\xff"}',
        b'{"items": [1, 2',
        b"[" * 100_000,
        b'{"qty": ' + b"9" * 5_000 + b"}",
    ],
)
def test_what_a_parser_would_guess_at_is_refused(body: bytes):
    """Cut, ambiguous, unbounded or unstorable JSON is no JSON here."""
    with pytest.raises(NotJson):
        strict_json(body)


def test_good_json_is_read():
    """A byte order mark, escapes that can be stored and plain numbers are fine."""
    assert strict_json(b'\xef\xbb\xbf{"a": "\\u0439 \\\\u0000", "b": 1.5}') == {"a": "й \\u0000", "b": 1.5}


@pytest.mark.parametrize(
    ("method", "value"),
    [
        ("text", 5),
        ("name", ""),
        ("name", " 5"),
        ("name", 5.0),
        ("name", True),
        ("whole", "5"),
        ("whole", True),
        ("whole", -1),
        ("whole", 2**63),
        ("int64", "5.0"),
        ("int64", "١٢"),
        ("amount", None),
        ("flag", 1),
        ("moment", "2026-01-01T00:00:00"),
        ("moment", "yesterday"),
        ("fields", []),
    ],
)
def test_a_value_of_another_type_breaks_the_contract(method: str, value: object):
    """The message has the path and the value; nothing is turned into something else."""
    with pytest.raises(ContractBroken, match=r"reply\.items\[0\]\.x is "):
        getattr(Part(value, "reply.items[0].x"), method)()


def test_an_identifier_may_be_a_number_or_a_text():
    """Both spellings give the same text; zeros in front stay."""
    assert [Part(value, "x").name() for value in (123, "123", "00123")] == ["123", "123", "00123"]


def test_an_amount_keeps_its_digits():
    """A number gives the digits it was written with."""
    assert [Part(value, "x").amount() for value in (12.9, 5, "7.50")] == ["12.9", "5", "7.50"]


def test_a_path_leads_to_the_missing_field():
    """Walking down a reply names where it ends."""
    reply = Part({"items": [{"sku": 1}]}, "reply")
    with pytest.raises(ContractBroken, match=r"reply\.items\[0\]\.qty is 'missing'"):
        [item["qty"] for item in reply["items"]]
