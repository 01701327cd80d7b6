# One image for every role: `steward run` by default, `steward worker` for one more pair of hands.
FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
RUN python -m venv /opt/steward
COPY requirements.lock requirements-extras.lock ./
RUN /opt/steward/bin/pip install --no-cache-dir --only-binary :all: --require-hashes \
    -r requirements.lock -r requirements-extras.lock
COPY . .
RUN /opt/steward/bin/pip install --no-cache-dir --no-deps --no-build-isolation --no-index .

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /data --create-home steward
COPY --from=build /opt/steward /opt/steward
ENV PATH=/opt/steward/bin:$PATH PYTHONUNBUFFERED=1 STEWARD_DATA=/data
USER steward
WORKDIR /data
VOLUME /data
HEALTHCHECK --interval=60s --timeout=20s --start-period=30s CMD ["steward", "doctor", "--here"]
# The exec form, so that SIGTERM reaches steward itself and it stops cleanly.
CMD ["steward", "run"]
