# The image of every winddown service: the locked packages, the code, no secrets, no root.
#
# The digest pins the base image; look it up once for each release and keep it in .env:
#   docker buildx imagetools inspect apache/airflow:3.3.2-python3.12
ARG AIRFLOW_DIGEST
FROM apache/airflow:3.3.2-python3.12@${AIRFLOW_DIGEST}

USER root
# Named volumes take owner and mode from these folders when they are first mounted.
RUN install -d -o 50000 -g 0 -m 0755 /opt/winddown \
    && install -d -o 50000 -g 0 -m 0770 /opt/airflow/logs /var/lib/winddown/store /var/lib/winddown/scratch

USER 50000:0
WORKDIR /opt/winddown

# An environment of its own: what runs is the lock, not the lock over the base image's packages.
ENV PIP_USER=false \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    VIRTUAL_ENV=/opt/winddown/venv \
    PATH=/opt/winddown/venv/bin:${PATH} \
    PYTHONPATH=/opt/winddown:/opt/winddown/plugins
COPY --chown=50000:0 requirements.lock ./
RUN python -m venv venv \
    && venv/bin/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements.lock \
    && venv/bin/python -m pip check

COPY --chown=50000:0 alembic.ini ./
COPY --chown=50000:0 dags dags
COPY --chown=50000:0 plugins plugins
COPY --chown=50000:0 include include
COPY --chown=50000:0 migrations migrations
# The file system is read-only at run time; without bytecode every process would start twice as slowly.
RUN venv/bin/python -m compileall -q dags plugins include migrations \
    && chmod -R a-w dags plugins include migrations
