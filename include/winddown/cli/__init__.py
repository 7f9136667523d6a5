"""The command `bin/winddown`: the same plan on files, without Airflow and without a database."""
