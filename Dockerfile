# Firstwire without a broker of its own: give it FIRSTWIRE_KAFKA_BOOTSTRAP_SERVERS. docker-compose.yml shows how.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONPATH=/opt/firstwire \
    PATH=/opt/firstwire/bin:$PATH

COPY requirements-runtime.lock /opt/firstwire/
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes \
        -r /opt/firstwire/requirements-runtime.lock

# Plain folders, not a wheel: building one would need what only developers need
COPY agents /opt/firstwire/agents
COPY schemas /opt/firstwire/schemas
COPY firstwire /opt/firstwire/firstwire
COPY seeds /opt/firstwire/seeds

RUN mkdir /opt/firstwire/bin \
    && printf '#!/bin/sh\nexec python -m firstwire.commands.cli "$@"\n' > /opt/firstwire/bin/firstwire \
    && chmod 0755 /opt/firstwire/bin/firstwire \
    && python -m compileall -q /opt/firstwire \
    && useradd --system --uid 10001 --no-create-home firstwire \
    && install -d -o firstwire /etc/firstwire /var/lib/firstwire

USER firstwire
WORKDIR /etc/firstwire
ENTRYPOINT ["firstwire"]
CMD ["--help"]
