"""How orders are delivered from the own warehouse: what is decided has to be possible."""

import pytest

from include.winddown.adapters.files.policies import parse_policy
from include.winddown.domain.delivery import UNDECIDED
from include.winddown.domain.errors import BadPolicy
from include.winddown.domain.policy import Policy

ZONE = {"fee_minor": 300, "cost_minor": 250, "promised_days": 3, "transit_days": 3}
OWN = {
    "by": "self",
    "warehouse": "Own shelf",
    "method": "Own courier",
    "origin": "Moscow",
    "zones": {"m": ZONE},
}
CARRIED = {**OWN, "by": "third_party", "provider": "Carrier", "service": "door", "tariff": "17"}


@pytest.mark.parametrize("delivery", [{}, OWN, CARRIED, {**OWN, "cut_off": "23:59", "working_days": "1,7"}])
def test_delivery_is_undecided_or_whole(delivery):
    """Nothing is needed until it is decided; a fee may equal its cost, a promise the time it takes."""
    assert Policy.of({"delivery": delivery}).delivery.by == delivery.get("by", UNDECIDED)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"zones": {}}, "delivery.zones is empty, so nothing is covered"),
        ({"zones": {"m": ZONE | {"fee_minor": 249}}}, "delivery.zones.m.fee_minor is 249, the cost 250"),
        (
            {"zones": {"m": ZONE, "n": ZONE | {"promised_days": 2}}},
            "delivery.zones.n.promised_days is 2, it takes 3",
        ),
        ({"provider": None}, "delivery.provider is not given; delivery by third_party needs it"),
        ({"origin": None}, "delivery.origin is not given"),
        ({"origin": " "}, "policy setting delivery.origin is ' '; give a line of text"),
        ({"origin": "a\nb"}, "give a line of text"),
        ({"working_days": "12345"}, "delivery.working_days is '12345'; give text as"),
        ({"working_days": "1,8"}, "delivery.working_days is '1,8'; give text as"),
        ({"working_days": "2,1"}, "delivery.working_days is 2,1; name each day once"),
        ({"cut_off": "24:00"}, "delivery.cut_off is 24:00; a day ends at 23:59"),
        ({"cut_off": "9:00"}, "give text as"),
        ({"by": "pigeon"}, "'undecided' or 'self' or 'third_party'"),
        ({"zones": {"m": {"fee": 3}}}, "'delivery.zones.m.fee'"),
    ],
)
def test_what_cannot_be_is_refused_by_name(changes, words):
    """The message has the path of the setting, and what is wrong with it."""
    with pytest.raises(BadPolicy) as refused:
        Policy.of({"delivery": CARRIED | changes})
    assert words in str(refused.value)


FILE = """\
rows_bad_max: 20
delivery:
  by: self
  warehouse: Own shelf
  method: Own courier
  origin: Moscow
  zones:
    moscow: {fee_minor: 300, cost_minor: 250, promised_days: 3, transit_days: 2}
    north:
      fee_minor: 300
      cost_minor: 350
"""


def test_a_file_says_the_line():
    """Of the setting that cannot be, not of its section."""
    with pytest.raises(BadPolicy, match=r"policy file p.yaml, line 10: .*zones.north.fee_minor is 300"):
        parse_policy(FILE.encode(), "p.yaml")
    assert parse_policy(FILE.replace("cost_minor: 350", "cost_minor: 200").encode(), "p.yaml").delivery.zones
