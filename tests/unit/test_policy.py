"""The settings of an exit: what each may be, and that its page and its schema say the same."""

import json
import re
from math import inf, nan
from pathlib import Path

import jsonschema
import pytest

from include.winddown.domain.countries import PRICE_RULES
from include.winddown.domain.errors import BadPolicy
from include.winddown.domain.policy import Policy, gone_back
from include.winddown.domain.settings import build, listed, schema_of

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "policy.md").read_text(encoding="utf-8")
SETTINGS = [one for one in listed(Policy) if "*" not in one[0]]
NUMBERS = [(path, setting) for path, setting, _ in SETTINGS if setting.kind in {"whole", "real"}]
SCHEMA = schema_of(Policy)


def at(path, value):
    """Put a value where a dotted path leads."""
    for name in reversed(path.split(".")):
        value = {name: value}
    return value


def shown_default(value):
    if isinstance(value, tuple):
        return f"[{', '.join(map(str, value))}]"
    return str(value).lower() if isinstance(value, bool) or value is None else str(value)


def refusal(settings):
    with pytest.raises(BadPolicy) as caught:
        Policy.of(settings)
    return str(caught.value)


@pytest.mark.parametrize(("path", "setting", "default"), SETTINGS, ids=[one[0] for one in SETTINGS])
def test_every_setting_is_explained(path, setting, default):
    """A row of docs/policy.md has each setting with default, unit, range, what it does and the source."""
    rows = re.findall(rf"^\| `{re.escape(path)}` \| (.*) \|$", PAGE, re.MULTILINE)
    assert len(rows) == 1
    bounds = "the codes of the table below" if path == "prices.country" else setting.bounds()
    assert rows[0].split(" | ") == [
        shown_default(default),
        setting.unit,
        bounds,
        setting.meaning,
        setting.source,
    ]


@pytest.mark.parametrize("code", PRICE_RULES)
def test_every_country_is_explained(code):
    """A row of docs/policy.md says what holds in each country, and by which rule."""
    rule = PRICE_RULES[code]
    former = f"lowest of {rule.was_days} days" if rule.was_days else "the one before"
    words = ["no", "yes"]
    cells = [rule.country, former, words[rule.is_progressive], words[rule.no_raise], rule.source]
    assert f"| {code} | {' | '.join(cells)} |\n" in PAGE


def test_the_published_schema_is_that_of_the_code():
    """docs/policy.schema.json is what `bin/winddown schema` prints."""
    published = json.loads((DOCS / "policy.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(published)
    assert {name: published[name] for name in SCHEMA} == SCHEMA


@pytest.mark.parametrize(("path", "setting"), NUMBERS, ids=[path for path, _ in NUMBERS])
def test_a_number_stays_in_its_range(path, setting):
    """Both ends are allowed, what lies beyond them is not; the schema says the same."""
    validator = jsonschema.Draft202012Validator(SCHEMA)
    for end in (setting.low, setting.high):
        Policy.of(at(path, end))
        assert validator.is_valid(at(path, end))
    for beyond in (setting.low - 1, setting.high + 1, "7", True, [7]):
        assert f"policy setting {path} is" in refusal(at(path, beyond))
        assert not validator.is_valid(at(path, beyond))
    assert f"from {setting.low} to {setting.high}" in refusal(at(path, setting.high + 1))


@pytest.mark.parametrize("number", [nan, inf, -inf])
def test_a_setting_is_a_number_that_exists(number):
    """No NaN and no infinity comes into a plan by its policy."""
    assert "give a number from 0.1 to 10" in refusal(at("demand.elasticity", number))


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"prices": {"ladder_pct": [0, 15, 95], "country": "DE"}},
        {"freight": {"by_warehouse": {"WH-1": {"container_minor": 5, "kind": None}}}},
        {"demand": {"by_category": {"toys": {"elasticity": 2}}}},
    ],
)
def test_a_policy_survives_json(settings):
    """What the database keeps of a policy makes the same policy again."""
    policy = Policy.of(settings)
    assert Policy.of(json.loads(json.dumps(policy.settings()))) == policy
    assert jsonschema.Draft202012Validator(SCHEMA).is_valid(settings)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"prices": {"discont_max_pct": 3}}, "'prices.discont_max_pct', did you mean 'discount_max_pct'"),
        ({"demand": {"by_category": {"toys": {"elastic": 3}}}}, "'demand.by_category.toys.elastic'"),
        ({"fees": 3}, 'policy section fees is 3; give settings by name, as {"commission_bp"'),
        ({"freight": {"by_warehouse": {"": {}}}}, "no name empty"),
        ({"freight": {"by_warehouse": {"W": {"by_warehouse": {}}}}}, "unknown policy setting"),
        ({"prices": {"ladder_pct": [10, 20]}}, "rise from 0"),
        ({"prices": {"ladder_pct": [0, 20, 10]}}, "rise from 0"),
        ({"prices": {"ladder_pct": []}}, "rise from 0"),
        ({"prices": {"ladder_pct": list(range(17))}}, "at most 16"),
        ({"prices": {"country": "XX"}}, "none, AT, BE"),
        ({"prices": {"keep_break_even": 1}}, "give true or false"),
        ({"returns": {"return_at_loss": "maybe"}}, "'hold' or 'allow'"),
    ],
)
def test_a_wrong_setting_is_named(settings, message):
    """The message has the path of the setting and what to give."""
    assert message in refusal(settings)


def test_a_policy_is_settings_by_name():
    """A list is none."""
    with pytest.raises(BadPolicy, match=r"policy is \[1\]; give settings by name"):
        build(Policy, [1])


def test_the_container_of_a_class_goes_before_that_of_a_warehouse():
    """What neither says is as for all."""
    freight = Policy.of(
        {
            "freight": {
                "opening_minor": 7,
                "by_warehouse": {"WH-1": {"container_minor": 100, "minimum_minor": 9}},
                "by_handling_class": {"cold": {"container_minor": 300}},
            }
        }
    ).freight
    cold = freight.of("WH-1", "cold")
    assert (cold.container_minor, cold.minimum_minor, cold.opening_minor) == (300, 9, 7)
    assert freight.of("WH-2", "standard").container_minor == 0


def test_a_category_may_answer_prices_in_its_own_way():
    """What a category does not say is as for all."""
    demand = Policy.of({"demand": {"elasticity_sd": 0.5, "by_category": {"toys": {"elasticity": 3}}}}).demand
    assert demand.of("toys") == (3, 0.5)
    assert demand.of("books") == (2.4, 0.5)


@pytest.mark.parametrize(
    ("prices", "stays_down", "was_days"),
    [
        ({}, True, 30),
        ({"country": "DE"}, True, 30),
        ({"country": "DE", "no_raise_days": 0}, False, 30),
        ({"country": "CN"}, False, 7),
        ({"country": "RU"}, False, 0),
        ({"country": "RU", "no_raise": "always", "was_price": "lowest_30_days"}, True, 30),
        ({"country": "DE", "no_raise": "never", "was_price": "price_before"}, False, 0),
    ],
)
def test_a_country_says_what_may_be_done_to_a_price(prices, stays_down, was_days):
    """Without a country the strictest holds; a setting of its own overrules the table."""
    found = Policy.of({"prices": prices}).prices
    assert (found.must_stay_down(), found.was_days()) == (stays_down, was_days)


def test_the_cap_cuts_the_ladder():
    """Deeper discounts than the cap are not tried."""
    assert Policy.of({"prices": {"discount_max_pct": 35}}).prices.steps_pct() == (0, 10, 20, 30)


def test_settings_that_go_back_to_their_defaults_are_named():
    """A zone that is gone, a section and a plain setting; what is changed or new is not."""
    zone = {"fee_minor": 5, "cost_minor": 3, "promised_days": 2, "transit_days": 1}
    own = {"by": "self", "warehouse": "W", "method": "M", "origin": "O"}
    before = Policy.of(
        {
            "unexplained_max_qty": 3,
            "fees": {"sale_fee_minor": 900, "acquiring_bp": 7},
            "delivery": own | {"zones": {"here": zone, "there": zone}},
        }
    )
    after = Policy.of(
        {
            "usable_fill_pct": 60,
            "fees": {"sale_fee_minor": 800},
            "delivery": own | {"zones": {"here": zone}},
        }
    )
    names = [line.split(" ")[0] for line in gone_back(before, after)]
    zones = [f"delivery.zones.there.{name}" for name in sorted(zone)]
    assert names == [*zones, "fees.acquiring_bp", "unexplained_max_qty"]
    assert gone_back(after, after) == []
