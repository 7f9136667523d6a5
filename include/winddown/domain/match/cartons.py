"""Weight forensics: a carton that weighs less or more than its list, flagged before it is opened."""

import numpy as np
import pandas as pd

from include.winddown.domain.match.settings import Match

LIGHT, HEAVY, FITS, UNKNOWN = "too_light", "too_heavy", "fits", "unknown"


def weigh(cartons: pd.DataFrame, policy: Match) -> pd.DataFrame:
    """
    Hold the carrier's weight of each carton against what its list should weigh.

    Args:
        cartons: one row per carton with content_g (missing when the weight of an article is) and
            weighed_g [g].
        policy: tare and tolerances; the larger of the two counts.

    Returns:
        The rows with expected_g, difference_g (weighed less expected) and verdict.
    """
    expected = cartons["content_g"].astype("Int64") + policy.carton_tare_g
    difference = cartons["weighed_g"].astype("Int64") - expected
    allowed = np.maximum(expected.fillna(0) * policy.weight_tolerance_pct // 100, policy.weight_tolerance_g)
    known = difference.fillna(0)
    verdict = np.select([difference.isna(), known < -allowed, known > allowed], [UNKNOWN, LIGHT, HEAVY], FITS)
    return cartons.assign(expected_g=expected, difference_g=difference, verdict=verdict)
