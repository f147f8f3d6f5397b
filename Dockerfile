# One image for web, worker, beat and the commands. Compose itself was not run where this was written (README); the commands and the
# environment of docker-compose.yml are run by tests/setup/test_compose.py.

FROM python:3.11-slim-bookworm AS packages
COPY requirements.lock /src/
# --build-arg PIP_INDEX_URL=… and UV_DEFAULT_INDEX=… take a mirror
ARG PIP_INDEX_URL
ARG UV_DEFAULT_INDEX
RUN pip install --no-cache-dir uv \
 && python -m venv /venv \
 && uv pip sync --python /venv/bin/python --require-hashes --no-cache /src/requirements.lock

FROM packages AS pages
RUN apt-get update && apt-get install -y --no-install-recommends gettext libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk
COPY requirements-dev.lock /src/
RUN python -m venv /dev-venv && uv pip sync --python /dev-venv/bin/python --require-hashes --no-cache /src/requirements-dev.lock
COPY . /app
WORKDIR /app
RUN for po in locale/*/LC_MESSAGES/*.po; do msgfmt -o "${po%.po}.mo" "$po"; done \
 && /dev-venv/bin/python ops/icons.py && /dev-venv/bin/python ops/styles.py && /dev-venv/bin/python ops/scripts.py \
 && /venv/bin/python manage.py collectstatic --noinput -v 0 \
 && DJANGO_SETTINGS_MODULE=servicedesk.settings /venv/bin/python -c "from core.fonts import subset_files; subset_files()" \
 && rm -rf var/demo

FROM python:3.11-slim-bookworm
# Pango and harfbuzz-subset for PDFs (without the latter a Chinese slip takes 3-7 s), Noto CJK for their text, tini to reap processes
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk tini \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin servicedesk \
 && install -d -o 10001 -g 10001 /files /backups
COPY --from=packages /venv /venv
COPY --from=pages /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 SERVICEDESK_FILES_FOLDER=/files SERVICEDESK_BACKUP_FOLDER=/backups
USER 10001
VOLUME /files /backups
EXPOSE 8000
ENTRYPOINT ["tini", "--"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "1", "--no-ws", "--workers-kill-timeout", "10s", "servicedesk.wsgi:application"]
