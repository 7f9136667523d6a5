"""GX Core judges one row of counts; it is imported only when something is judged."""

import logging
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from great_expectations.core.expectation_validation_result import ExpectationSuiteValidationResult
    from great_expectations.expectations.expectation import Expectation as GxExpectation


def judge_counts(counts: Mapping[str, int | None], *, at_least_one: AbstractSet[str]) -> dict[str, bool]:
    """
    Let GX judge one row of counts.

    GX passes a range over a missing value and anything over no row at all, so each count must
    also be there, and there must be exactly one row of them.

    Args:
        counts: per metric, how many rows break it.
        at_least_one: the metrics that must be 1 or more; the others must be 0.

    Returns:
        Per metric whether it holds; a metric GX gave no verdict on does not.
    """
    # Imported under Airflow's logging it would write a line for every function it registers.
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    import great_expectations as gx
    import pandas as pd
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    context.variables.analytics_enabled = False
    batch = (
        context.data_sources.add_pandas("counts")
        .add_dataframe_asset("counts")
        .add_batch_definition_whole_dataframe("all")
        .get_batch(batch_parameters={"dataframe": pd.DataFrame([dict(counts)], dtype="Int64")})
    )
    suite = gx.ExpectationSuite(name="counts", expectations=list(_declared(counts, at_least_one)))
    return _read(batch.validate(suite, result_format="BOOLEAN_ONLY"), counts)


def _declared(counts: Mapping[str, int | None], at_least_one: AbstractSet[str]) -> Iterator["GxExpectation"]:
    from great_expectations.expectations.core.expect_column_values_to_be_between import (
        ExpectColumnValuesToBeBetween,
    )
    from great_expectations.expectations.core.expect_column_values_to_not_be_null import (
        ExpectColumnValuesToNotBeNull,
    )
    from great_expectations.expectations.core.expect_table_row_count_to_equal import (
        ExpectTableRowCountToEqual,
    )

    yield ExpectTableRowCountToEqual(value=1)
    for name in counts:
        low, high = (1, None) if name in at_least_one else (0, 0)
        yield ExpectColumnValuesToNotBeNull(column=name)
        yield ExpectColumnValuesToBeBetween(column=name, min_value=low, max_value=high)


def _read(outcome: "ExpectationSuiteValidationResult", counts: Mapping[str, int | None]) -> dict[str, bool]:
    verdicts: dict[str | None, list[bool]] = {}
    for result in outcome.results:
        column = result.expectation_config.kwargs.get("column") if result.expectation_config else None
        verdicts.setdefault(column, []).append(result.success is True)
    one_row = verdicts.get(None) == [True]
    return {name: one_row and verdicts.get(name) == [True, True] for name in counts}
