"""Give every unit of stock exactly one disposition: return, markdown, dispose or hold."""

from include.winddown.domain.split.first_rule import Horizon, horizon, split_stock

__all__ = ["Horizon", "horizon", "split_stock"]
