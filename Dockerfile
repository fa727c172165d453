# One image for web, worker, beat and migrate; which one it is, the command says (docker-compose.yml).
FROM python:3.11-slim-bookworm AS build
COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /usr/local/bin/uv
WORKDIR /app
ENV DJANGO_SETTINGS_MODULE=kaltim_portal.settings UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-default-groups
COPY . .
# Static files and translations are made with throw-away settings: the image holds no secret.
RUN PORTAL_ENV=demo STATIC_ROOT=/app/staticfiles .venv/bin/python -c "import django; django.setup(); from kaltim_portal.translations import compile_catalogues; compile_catalogues()" \
 && PORTAL_ENV=demo STATIC_ROOT=/app/staticfiles .venv/bin/python manage.py collectstatic --noinput

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /app portal && install -d -o 10001 -g 10001 -m 750 /files /seals
WORKDIR /app
COPY --from=build --chown=root:root /app /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PORTAL_ENV=production STATIC_ROOT=/app/staticfiles DJANGO_SETTINGS_MODULE=kaltim_portal.settings
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8000/sehat/', headers={'Host': 'localhost'}), timeout=4)"]
CMD ["gunicorn", "kaltim_portal.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "kaltim_portal.web_worker.ThreadWorker", "--workers", "3", "--threads", "2", "--keep-alive", "15", "--preload", "--timeout", "60", "--worker-tmp-dir", "/dev/shm"]
