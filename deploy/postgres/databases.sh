#!/bin/sh
# Runs once, on an empty data directory: three databases, each with a role that owns nothing else,
# so that a worker can reach winddown's rows and Celery's results but never Airflow's metadata.
set -eu

make_database() {
    psql --no-psqlrc --quiet --username "$POSTGRES_USER" --dbname postgres \
        --set ON_ERROR_STOP=1 --set name="$1" --set password="$2" <<'SQL'
create role :"name" login password :'password';
create database :"name" owner :"name";
revoke all on database :"name" from public;
SQL
}

make_database airflow "$AIRFLOW_DB_PASSWORD"
make_database celery "$CELERY_DB_PASSWORD"
make_database winddown "$WINDDOWN_DB_PASSWORD"
