# docker build -t suptask-elt . && docker run --rm -v suptask:/data --env-file .env suptask-elt check
# No secret is in any layer: the token comes with the environment, or as a file that it names.
FROM node:24-bookworm-slim

RUN apt-get update \
  && apt-get install --yes --no-install-recommends python3 python3-venv ca-certificates \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --uid 10001 --create-home --home-dir /home/suptask suptask \
  && mkdir -p /app /data \
  && chown suptask:suptask /app /data

USER suptask
WORKDIR /app

# What is installed changes seldom, what we write changes often.
COPY --chown=suptask:suptask package.json package-lock.json .npmrc requirements.txt ./
COPY --chown=suptask:suptask scripts/prepare-python.ts scripts/python-environment.ts scripts/
RUN npm ci --omit=dev && npm cache clean --force
COPY --chown=suptask:suptask . .

ENV SUPTASK_LANDING=/data/landing \
  SUPTASK_DUCKDB=/data/suptask.duckdb \
  SUPTASK_EXPORTS=/data/exports \
  DBT_TARGET_PATH=/data/target \
  DBT_LOG_PATH=/data/logs
VOLUME /data

# Reads the landing log and no more: well while no alert is open that nobody has seen.
HEALTHCHECK --interval=5m --timeout=30s --start-period=1m \
  CMD ["node", "extractor/suptask.js", "alerts", "--fail-if-open"]

ENTRYPOINT ["node", "extractor/suptask.js"]
CMD ["sync", "--follow"]
