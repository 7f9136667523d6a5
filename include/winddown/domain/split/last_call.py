"""The second wave: what a piece that stays may fetch when it goes back at the last call."""

import numpy as np

from include.winddown.domain.split.case import Case
from include.winddown.domain.split.freight import load_groups

_HARDLY = 1e-9


def expect_out(case: Case, stays: np.ndarray, expected: np.ndarray, back: np.ndarray) -> np.ndarray:
    """
    Spread what listings expect to send at the last call over their places.

    Args:
        case: the listings.
        stays: by place, pieces that stay on sale.
        expected: by listing, pieces sent at the last call, on average.
        back: by place, net of a piece then; where disposal fetches more, nothing is sent.

    Returns:
        Pieces by place, on average.
    """
    all_stay = np.bincount(case.listing, weights=stays, minlength=len(case.listings.pieces))
    share = expected / np.maximum(all_stay, _HARDLY)
    return np.where(back > case.scrap, stays * share[case.listing], 0.0)


def close_groups(case: Case, out: np.ndarray) -> np.ndarray:
    """Name the groups whose expected last call does not earn what is charged for it."""
    gained = np.where(out > 0, case.gross - case.scrap, 0.0) * out
    charge = load_groups(out, case.freight).charge
    earned = np.bincount(case.freight.group, weights=gained, minlength=len(charge))
    return np.asarray(case.is_small & (earned <= charge))


def back_later(case: Case, is_closed: np.ndarray) -> np.ndarray:
    """
    Tell by place what a piece fetches at the last call.

    Where the last call takes place, one piece more costs its share of a full container: how full the
    last one will be is not known yet, so on average there are no steps. The charge as a whole counts
    when plans are compared.
    """
    return np.where(is_closed[case.freight.group], -np.inf, case.places.back)


def average_later(case: Case, stays: np.ndarray, back: np.ndarray) -> np.ndarray:
    """Average by listing what the pieces that stay will fetch at the last call."""
    count = len(case.listings.pieces)
    weight = np.where(stays > 0, stays, _HARDLY * case.places.pieces)
    worth = np.maximum(back, case.scrap) * weight
    return np.asarray(
        np.bincount(case.listing, weights=worth, minlength=count)
        / np.bincount(case.listing, weights=weight, minlength=count)
    )
