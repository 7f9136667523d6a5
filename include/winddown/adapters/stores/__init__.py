"""Stores: Parquet snapshots, PostgreSQL state, the effect ledger, expectation results."""
