# The service in a container: models inside and converted, so that it asks no network but feeds and
# the mail server.
#
#   docker build --tag briefing .            or: make image
#   docker compose up --detach               the service, as compose.yaml says
#   docker run --rm --volume briefing-data:/data briefing run
#   docker run --rm --volume briefing-data:/data --volume ./seeds:/app/seeds:ro \
#       briefing run --source seeds --date 2024-11-22
#
# /app/config holds the configuration (deploy/container.toml, the stories, the feeds; mount your own
# over it), /data the store, the key of the site and the digests.

ARG BASE=python:3.11-slim-bookworm

FROM ${BASE}

# PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu takes the small build of torch, without
# the packages for graphics cards.
ARG PIP_EXTRA_INDEX_URL=""

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PATH=/opt/briefing/bin:$PATH \
    BRIEFING_CONFIG=/app/config/briefing.toml \
    BRIEFING_CACHE=/opt/models \
    BRIEFING_STORE=sqlite:////data/state/briefing.db \
    BRIEFING_OUT=/data/digests

WORKDIR /app

# The large, slowly changing layers first: a change of the program installs none of them again.
# Each file is compared with its checksum in requirements/.
COPY requirements ./requirements
COPY deploy/install.sh ./deploy/
RUN python3 -m venv /opt/briefing && sh deploy/install.sh python

COPY pyproject.toml README.md LICENSE ./
COPY briefing ./briefing
RUN pip install --no-deps --no-build-isolation .

# What is inside, models included, for scanners: CycloneDX.
COPY deploy/sbom.py ./deploy/
RUN mkdir -p /usr/share/briefing \
 && python deploy/sbom.py > /usr/share/briefing/sbom.cdx.json

# state and digests of a configuration that names no folders lie in /data too.
RUN groupadd --system --gid 10001 briefing \
 && useradd --system --uid 10001 --gid briefing --home-dir /data --shell /usr/sbin/nologin briefing \
 && mkdir -p /data/state /data/digests /opt/models \
 && chown -R briefing:briefing /data /opt/models \
 && ln -s /data/state /data/digests /app/
COPY config ./config
COPY deploy/container.toml ./config/briefing.toml
COPY deploy/health.py /opt/briefing/health.py
# The feeds file is edited by `briefing feeds`.
RUN chown -R briefing:briefing /app/config

USER briefing
RUN briefing model fetch --quiet

EXPOSE 8321
VOLUME ["/data"]
HEALTHCHECK --interval=30s --timeout=20s --start-period=60s --retries=3 \
    CMD ["python3", "/opt/briefing/health.py"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["briefing"]
CMD ["serve"]
