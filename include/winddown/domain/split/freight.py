"""Freight of the places: which group each belongs to, and what its pieces cost on average."""

from typing import NamedTuple

import numpy as np

from include.winddown.domain import economics
from include.winddown.domain.split.waves import Tariff


def tariff_of(carrier: economics.Freight) -> Tariff:
    """Say what the containers of a policy cost, with the volume of one that can be used."""
    return Tariff(
        container_weight_max_g=carrier.weight_max_g,
        container_volume_max_ml=carrier.volume_max_ml * carrier.usable_fill_pct // 100,
        container_minor=carrier.container_minor,
        opening_minor=carrier.opening_minor,
        minimum_minor=carrier.minimum_minor,
    )


class Freight(NamedTuple):
    """
    How the places' pieces travel: columns, one entry a place, in the order of Places.

    Attributes:
        group: number of its (warehouse, destination, handling class), from 0.
        weight_g, volume_ml: of a piece.
        linear: what Places.back was lowered by for the freight of a piece [minor]; see linear_freight.
        tariffs: one a group.
    """

    group: np.ndarray
    weight_g: np.ndarray
    volume_ml: np.ndarray
    linear: np.ndarray
    tariffs: tuple[Tariff, ...]


class Loads(NamedTuple):
    """By group: weight [g] and volume [ml] of some pieces, and the charge for them [minor]."""

    weight: np.ndarray
    volume: np.ndarray
    charge: np.ndarray


def linear_freight(
    pieces: np.ndarray,
    group: np.ndarray,
    weight_g: np.ndarray,
    volume_ml: np.ndarray,
    tariffs: tuple[Tariff, ...],
) -> np.ndarray:
    """
    Charge each piece its share of a full container, by weight or by volume, whichever binds its group.

    That is never more than what all pieces of a group really cost, so a bound made with it holds; it
    is too low by the opening charge and at most one container begun.

    Args:
        pieces: of each place.
        group: of each place.
        weight_g: of a piece.
        volume_ml: of a piece.
        tariffs: one a group.

    Returns:
        Minor units a piece, one entry a place.
    """
    weights, volumes, container = _columns(tariffs)
    by_weight, by_volume = weight_g / weights[group], volume_ml / volumes[group]
    heavy = _sum(pieces * (by_weight - by_volume), group, len(tariffs)) > 0
    return np.asarray(np.where(heavy[group], by_weight, by_volume) * container[group])


def load_groups(units: np.ndarray, freight: Freight) -> Loads:
    """
    Sum pieces up to groups and charge the stair.

    Args:
        units: pieces of each place; an expectation need not be whole.
        freight: of the places.

    Returns:
        One entry a group.
    """
    count = len(freight.tariffs)
    weight = _sum(units * freight.weight_g, freight.group, count)
    volume = _sum(units * freight.volume_ml, freight.group, count)
    charge = np.array(
        [
            tariff.cost_minor(tariff.containers(int(np.ceil(g - 1e-6)), int(np.ceil(ml - 1e-6))))
            for tariff, g, ml in zip(freight.tariffs, weight, volume, strict=True)
        ],
        dtype=np.float64,
    )
    return Loads(weight, volume, charge)


def share_charge(loads: Loads, freight: Freight) -> np.ndarray:
    """
    Share each group's charge among its pieces, by weight or by volume, whichever binds its load.

    Returns:
        Minor units a piece, one entry a place; 0 where the group sends nothing.
    """
    weights, volumes, _ = _columns(freight.tariffs)
    heavy = loads.weight / weights > loads.volume / volumes
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(heavy, loads.charge / loads.weight, loads.charge / loads.volume)
    rate = np.where(loads.charge > 0, rate, 0.0)
    size = np.where(heavy[freight.group], freight.weight_g, freight.volume_ml)
    return np.asarray(rate[freight.group] * size)


def _columns(tariffs: tuple[Tariff, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return (
        np.array([tariff.container_weight_max_g for tariff in tariffs], dtype=np.float64),
        np.array([tariff.container_volume_max_ml for tariff in tariffs], dtype=np.float64),
        np.array([tariff.container_minor for tariff in tariffs], dtype=np.float64),
    )


def _sum(values: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    return np.bincount(group, weights=values, minlength=groups)
