"""The command plans on files: every piece once, every oddity named, never a NaN."""

import json
from datetime import date, timedelta

import pytest

from include.winddown.cli.labels import LABELS
from include.winddown.domain.errors import BadParam, BadPolicy, DeadlinePassed, FileRefused, WinddownError
from include.winddown.domain.policy import Policy
from include.winddown.domain.what_if import read_cases
from tests.plan_kit import COUNTED_ON, POLICY, WEEKS, plan_on, read_rows, write_world

RESULTS = [
    "decisions.csv",
    "lines.csv",
    "notes.csv",
    "plan.xlsx",
    "policy.json",
    "quarantine.csv",
    "summary.txt",
]


def notes(out):
    return {
        (row["line"], row["sku"], row["code"]): row["what_follows"] for row in read_rows(out / "notes.csv")
    }


def refused(folder, kind=WinddownError, **wishes):
    """The message of a plan that is refused; nothing may be left behind."""
    before = sorted(folder.rglob("*"))
    with pytest.raises(kind) as caught:
        plan_on(folder, **wishes)
    assert sorted(folder.rglob("*")) == before
    return str(caught.value)


@pytest.fixture
def world(tmp_path):
    """Four products in two warehouses."""
    return write_world(tmp_path / "in")


def test_every_piece_is_planned_once(world):
    """996 pieces are counted, 996 are planned, and the decisions hold the same."""
    summary, out = plan_on(world)
    lines, decisions = read_rows(out / "lines.csv"), read_rows(out / "decisions.csv")
    assert sorted(path.name for path in out.iterdir()) == RESULTS
    assert sum(row["planned_qty"] for row in lines) == 996
    assert sum(row["free_qty"] for row in decisions) == 996
    assert summary == (out / "summary.txt").read_text(encoding="utf-8")
    assert "deadline 2026-06-01: 92 days left" in summary


def test_no_number_of_a_plan_is_missing(world):
    """Neither NaN nor infinity stands in any file."""
    _, out = plan_on(world)
    for path in out.glob("*.csv"):
        cells = set(path.read_text(encoding="utf-8-sig").lower().replace("\n", ",").split(","))
        assert cells.isdisjoint({"nan", "inf", "-inf", '"nan"'})


def test_the_policy_that_was_used_lies_beside_the_plan(world):
    """With every default, so that the plan can be made again."""
    _, out = plan_on(world, language="ru")
    used = Policy.of(json.loads((out / "policy.json").read_text(encoding="utf-8")))
    assert used.fees.commission_bp == 1_500
    assert used.language == "ru"


@pytest.mark.parametrize(("language", "word"), [("en", "Money"), ("zh", "金额"), ("ru", "Деньги")])
def test_a_plan_speaks_the_language_asked_for(world, language, word):
    """In its summary and in the sentence of every line; every language has every label."""
    summary, out = plan_on(world, language=language)
    assert word in summary.splitlines()
    assert all(row["why"] for row in read_rows(out / "lines.csv"))
    assert LABELS[language].keys() == LABELS["en"].keys()


def test_what_if_cases_are_solved_beside_the_plan(world):
    """A case that cannot be says so; the plan as it is comes first."""
    summary, out = plan_on(world, cases=read_cases("deadline=-92,salvage=+50,cap=0"))
    as_it_is, too_late, richer, capped = read_rows(out / "what_if.csv")
    assert as_it_is["difference_minor"] == 0
    assert too_late["plan_minor"] is None
    assert richer["plan_minor"] >= as_it_is["plan_minor"] >= capped["plan_minor"]
    assert "not possible: the deadline would have passed" in summary


def test_a_product_without_a_resale_value_is_named_with_its_line(tmp_path):
    """30 % of its price are assumed: 59.97."""
    world = write_world(tmp_path / "in", catalogue={1: {"resale_value": ""}}.items())
    summary, out = plan_on(world)
    assert notes(out)[3, "S2", "no_resale"] == "no resale value: 30 % of the price, 59.97, is assumed"
    assert "without a resale value: 1 products" in summary
    flagged = [
        row["sku"] for row in read_rows(out / "decisions.csv") if "resale" in str(row["defaults"]).split()
    ]
    assert flagged == ["S2"]


@pytest.mark.parametrize(
    ("column", "code"), [("price", "R_EMPTY"), ("unit_cost", "R_EMPTY"), ("weight_g", "R_EMPTY")]
)
def test_a_product_without_price_cost_or_weight_is_kept_out(tmp_path, column, code):
    """Missing never reads as zero: the row is named with its line, and so is the stock that hangs on it."""
    policy = POLICY + "rows_bad_max_pct: 100\n"
    world = write_world(tmp_path / "in", catalogue={2: {column: ""}}.items(), policy=policy)
    _, out = plan_on(world)
    kept_out = [(row["file"], row["row_no"], row["code"]) for row in read_rows(out / "quarantine.csv")]
    assert kept_out == [
        ("catalogue.csv", 4, code),
        ("stock.csv", 6, "R_SKU"),
        ("stock.csv", 7, "R_SKU"),
    ]
    assert "S3" not in {row["sku"] for row in read_rows(out / "lines.csv")}


def test_products_without_history_are_named(world):
    """S3 and S4 never sold: their rate is that of their like."""
    _, out = plan_on(world)
    assert {key[1] for key in notes(out) if key[2] == "no_history"} == {"S3", "S4"}


@pytest.mark.parametrize(
    ("told", "price"), [("rate_max_discount_pct: 60", "139.93"), ("elasticity: 4.0", "169.92")]
)
def test_the_policys_own_view_of_demand_counts(tmp_path, told, price):
    """S1 sold below today's price: whether that tells of its rate, and how much, the policy says."""
    cheap = {place: {"price": price} for place in range(7, 7 * WEEKS)}
    rates = []
    for name, policy in (("usual", POLICY), ("own", f"{POLICY}demand: {{{told}}}\n")):
        _, out = plan_on(write_world(tmp_path / name, orders=cheap.items(), policy=policy))
        rates.append({row["sku"]: row["rate_per_week"] for row in read_rows(out / "decisions.csv")}["S1"])
    assert rates[0] != pytest.approx(rates[1], rel=0.01)


@pytest.mark.parametrize(
    ("prices", "was"),
    [
        ({"country": "DE"}, 15_000),
        ({"country": "RU"}, 19_990),
        ({"country": "CN"}, 17_000),
        ({"country": "DE", "was_price": "price_before"}, 19_990),
        ({"country": "RU", "was_price": "lowest_30_days"}, 15_000),
    ],
)
def test_the_former_price_is_the_one_the_country_lets_be_shown(tmp_path, prices, was):
    """150.00 was asked 20 days ago, 170.00 three days ago, 199.90 is asked today."""
    orders = {2: {"price": "170.00"}, 19: {"price": "150.00"}}
    policy = f"{POLICY}prices: {json.dumps(prices)}\n"
    _, out = plan_on(write_world(tmp_path / "in", orders=orders.items(), policy=policy))
    found = {row["sku"]: row["was_price_minor"] for row in read_rows(out / "decisions.csv")}
    assert found["S1"] == was


def test_a_decision_says_where_it_would_turn(world):
    """Beside the numbers, in words; nothing where it does not turn."""
    _, out = plan_on(world)
    rows = read_rows(out / "decisions.csv")
    numbers = [any(row[name] is not None for name in row if name.startswith("flip")) for row in rows]
    assert any(numbers)
    assert [bool(row["turns"]) for row in rows] == numbers


def test_a_merchant_without_any_order_can_be_planned(tmp_path):
    """An order file with a header only is a fact; every product's rate is assumed, and said so."""
    world = write_world(tmp_path / "in")
    header = (world / "orders.csv").read_text(encoding="utf-8").splitlines()[0]
    (world / "orders.csv").write_text(header + "\n", encoding="utf-8")
    _, out = plan_on(world)
    assert {key[1] for key in notes(out) if key[2] == "no_history"} == {"S1", "S2", "S3", "S4"}
    assert all("history" in str(row["defaults"]) for row in read_rows(out / "decisions.csv"))


def test_negative_margins_are_named(tmp_path):
    """S1 costs more to sell than it brings, S2 brings less than it cost, S3 costs more to return than it fetches."""
    changes = {0: {"price": "4.00"}, 1: {"unit_cost": "190"}, 2: {"resale_value": "0.00"}}
    world = write_world(tmp_path / "in", catalogue=changes.items())
    _, out = plan_on(world)
    found = notes(out)
    assert found[2, "S1", "sale_at_loss"].startswith("a sale at today's price leaves -1.64 after fees")
    assert found[3, "S2", "below_cost"].startswith("a sale leaves 27.09 less than it cost")
    assert found[4, "S3", "return_at_loss"].startswith("a return leaves -3.00: it does not come back")


def test_nothing_comes_back_at_a_loss_unless_it_may(tmp_path):
    """Where a return costs more than it fetches, no line returns a sellable piece."""
    changes = {place: {"resale_value": "0.00"} for place in range(4)}
    world = write_world(tmp_path / "in", catalogue=changes.items())
    _, out = plan_on(world)
    assert {row["disposition"] for row in read_rows(out / "lines.csv")} <= {"markdown", "dispose", "hold"}


def test_without_fees_the_policy_counts_and_that_is_said(tmp_path):
    """With a file of fees, a product that is not in it is named."""
    alone = plan_on(write_world(tmp_path / "a"))
    assert "the policy's fees count for every product" in alone[0]
    assert not [key for key in notes(alone[1]) if key[2] == "no_fee"]
    _, out = plan_on(write_world(tmp_path / "b", fees=[{}]))
    assert {key[1] for key in notes(out) if key[2] == "no_fee"} == {"S2", "S3", "S4"}


@pytest.mark.parametrize(
    ("days", "message"),
    [
        (20, "No return is possible any more: the last call was on 2026-02-28"),
        (22, "Returns are possible only now, until 2026-03-02."),
        (60, "Last day to ask for a return: 2026-04-09"),
    ],
)
def test_a_deadline_inside_the_lead_time_says_what_follows(world, days, message):
    """The plan is made all the same; later than the last call nothing comes back."""
    summary, out = plan_on(world, deadline_on=COUNTED_ON + timedelta(days))
    assert message in summary
    if days < 21:
        assert "return" not in {row["disposition"] for row in read_rows(out / "lines.csv")}


def test_a_deadline_that_has_passed_is_refused(world):
    """Nothing can be planned then."""
    assert "is not after 2026-03-01" in refused(world, DeadlinePassed, deadline_on=date(2026, 3, 1))


def test_a_typo_in_the_policy_is_refused_with_its_line(tmp_path):
    """And with the nearest known name."""
    world = write_world(tmp_path / "in", policy="# mine\nprices:\n  discont_max_pct: 40\n")
    message = refused(world, BadPolicy)
    assert message.startswith(
        "policy file policy.yaml, line 3: unknown policy setting 'prices.discont_max_pct'"
    )
    assert "did you mean 'discount_max_pct'?" in message


def test_an_unknown_language_is_refused(world):
    """With the known ones."""
    assert "language is 'fr'; give 'en' or 'zh' or 'ru'" in refused(world, BadPolicy, language="fr")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("stock", "F_MISSING: stock.csv cannot be read"),
        ("catalogue", "F_MISSING: catalogue.csv cannot be read"),
    ],
)
def test_a_file_that_is_not_there_is_named(world, name, message):
    """With its path."""
    (world / f"{name}.csv").unlink()
    assert message in refused(world, FileRefused)


def test_a_count_of_another_day_is_refused(world):
    """`--as-of` says which day the stock must be of."""
    assert "F_SCOPE" in refused(world, FileRefused, as_of=date(2026, 2, 1))


def test_two_currencies_make_two_plans(tmp_path):
    """Amounts of different currencies are never added up."""
    world = write_world(tmp_path / "in", catalogue={1: {"currency": "EUR"}}.items())
    assert "catalogue.csv has amounts in EUR and RUB; a plan has one currency" in refused(world, FileRefused)


def test_a_former_plan_is_never_overwritten(world):
    """Neither by a new one nor by one that is refused; an empty folder may be used."""
    out = world / "out"
    out.mkdir()
    plan_on(world, out)
    assert "is there already and not empty; give another folder" in refused(world, BadParam, out=out)


def test_a_place_that_cannot_be_written_is_named(world):
    """A file in the way of a folder is one."""
    assert "cannot be written" in refused(world, BadParam, out=world / "stock.csv" / "out")


def test_a_plan_that_breaks_down_half_way_leaves_nothing(world, monkeypatch):
    """The folder appears in one step once everything is written."""

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("include.winddown.cli.plan.write_workbook", full)
    assert "No space left on device" in refused(world, BadParam)
