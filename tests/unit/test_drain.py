"""The forecast of the day the last pending posting leaves."""

from datetime import date, timedelta

from include.winddown.domain.drain import AGE_MAX_DAYS, AgeCount, forecast_drain

TODAY = date(2026, 11, 8)


def ages(*shares: tuple[int, int, int]) -> list[AgeCount]:
    return [AgeCount(age_days=age, open_qty=open_qty, total_qty=total) for age, open_qty, total in shares]


def test_nothing_pending_has_no_forecast():
    """Where nothing is open there is nothing to wait for."""
    assert forecast_drain(ages((0, 0, 10), (1, 0, 10)), TODAY) is None


def test_nothing_known_has_no_forecast():
    """When no posting has left yet, no rate is known and no day is invented."""
    assert forecast_drain(ages((0, 5, 5), (1, 5, 5)), TODAY) is None
    assert forecast_drain([], TODAY) is None


def test_a_warehouse_that_ships_in_two_days_drains_in_two_days():
    """All are open at ages 0 and 1, none from age 2: the last ones leave within two days."""
    forecast = forecast_drain(ages((0, 40, 40), (1, 40, 40), *((age, 0, 40) for age in range(2, 60))), TODAY)
    assert forecast.likely_on == forecast.late_on == (TODAY + timedelta(days=2)).isoformat()
    assert "odds of 9 in 10" in forecast.sentence()


def test_the_late_day_is_never_before_the_likely_one():
    """With a geometric pace the day of even odds is not after the day of nine in ten."""
    shares = [(age, round(1_000 * 0.5**age), 1_000) for age in range(90)]
    forecast = forecast_drain(ages(*shares), TODAY)
    assert TODAY.isoformat() < forecast.likely_on <= forecast.late_on


def test_more_pending_postings_take_longer():
    """The last of many leaves later than the last of few at the same pace."""
    few = forecast_drain(
        ages((0, 1, 1), *((age, 2 ** (9 - age), 512) for age in range(1, 9)), (9, 0, 512)), TODAY
    )
    many = forecast_drain(
        ages((0, 900, 900), *((age, 2 ** (9 - age), 512) for age in range(1, 9)), (9, 0, 512)), TODAY
    )
    assert few.late_on <= many.late_on


def test_a_stuck_posting_is_said_to_be_stuck():
    """What is open for longer than any rate is known for does not leave by itself."""
    forecast = forecast_drain(ages((0, 0, 10), (1, 0, 10), (AGE_MAX_DAYS, 2, 2)), TODAY)
    assert (forecast.likely_on, forecast.stuck_qty) == ("", 2)
    assert "ask the partner" in forecast.sentence()


def test_a_tail_that_never_thins_names_no_day():
    """As many open at high ages as at low ones: the rate says nothing about the end."""
    forecast = forecast_drain(ages(*((age, 5, 10) for age in range(90))), TODAY)
    assert (forecast.likely_on, forecast.late_on) == ("", "")
    assert "No day can be named" in forecast.sentence()
