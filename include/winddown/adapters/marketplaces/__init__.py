"""Adapters of the Marketplace port: catalogue, stock and orders."""
