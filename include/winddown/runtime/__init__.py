"""Airflow connections and settings turned into adapters; the only place that imports Airflow."""
