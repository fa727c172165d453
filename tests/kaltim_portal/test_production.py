"""Production settings: no secret, no start; with them, Django's own deployment check is clean."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from kaltim_portal.embedded import ROOT

SECRETS = {
    "PORTAL_ENV": "production",
    "SECRET_KEY": "9f2c7b1e5a8d4063b7e1c9a2f5d8046e3b1a7c9d2e5f8a0b4c6d8e1f3a5b7c9d",
    "FIELD_ENCRYPTION_KEYS": "kunci-enkripsi-uji",
    "FIELD_HASH_KEY": "kunci-hash-uji",
    "DATABASE_URL": "postgresql://portal:x@127.0.0.1:1/portal",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "ALLOWED_HOSTS": "portal.example",
}


def manage(*arguments: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    changes = {"DJANGO_ALLOW_ASYNC_UNSAFE": None} | changes  # of the tests, not of a deployment
    environment = {key: value for key, value in (os.environ | SECRETS | changes).items() if value is not None}
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT)


def test_deployment_check_is_clean() -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "FIELD_HASH_KEY", "DATABASE_URL", "REDIS_URL"])
def test_a_missing_secret_stops_the_start_and_is_named(name: str) -> None:
    done = manage("check", **{name: None})
    assert done.returncode != 0
    assert name in done.stderr


def test_sample_data_cannot_get_into_production() -> None:
    done = manage("prepare_demo")
    assert done.returncode != 0
    assert "does not run in production" in done.stderr


def test_compose_names_every_part_and_no_secret() -> None:
    compose = yaml.safe_load(Path(ROOT / "docker-compose.yml").read_text())
    assert set(compose["services"]) == {"migrate", "web", "worker", "beat", "postgres", "valkey", "proxy"}
    assert [name for name, part in compose["services"].items() if part.get("ports")] == ["proxy"]
    for name, part in compose["services"].items():
        for key, value in part.get("environment", {}).items():
            if key.endswith(("PASSWORD", "KEY", "KEYS")):
                assert value.startswith("${"), f"{name}: {key}"
    assert compose["networks"]["inside"]["internal"] is True


def test_compose_tells_the_owner_to_the_migrations_only() -> None:
    services = yaml.safe_load(Path(ROOT / "docker-compose.yml").read_text())["services"]
    told = {name for name, part in services.items() if "DATABASE_OWNER_URL" in part.get("environment", {})}
    assert told == {"migrate"}
    for name in ("migrate", "web", "worker", "beat"):
        assert services[name]["environment"]["DATABASE_URL"].startswith("postgresql://portal:${DATABASE_PASSWORD")
    assert services["postgres"]["environment"]["POSTGRES_USER"] == "postgres"
    roles = (ROOT / "deploy/postgres/roles.sh").read_text()
    assert roles.count("NOSUPERUSER NOCREATEDB NOCREATEROLE") == 2
    assert subprocess.run(["sh", "-n", str(ROOT / "deploy/postgres/roles.sh")], check=False).returncode == 0


SHOWN = """
import ssl
from django.conf import settings
database, cache = settings.DATABASES["default"]["OPTIONS"], settings.CACHES["default"]["OPTIONS"]
print(database.get("sslmode"), database.get("sslrootcert"), cache.get("ssl_cert_reqs"), cache.get("ssl_ca_certs"))
print(getattr(settings, "CELERY_BROKER_USE_SSL", {}).get("ssl_cert_reqs") == ssl.CERT_REQUIRED)
"""


def shown(**changes: str) -> list[str]:
    environment = os.environ | SECRETS | {"DJANGO_SETTINGS_MODULE": "kaltim_portal.settings"} | changes
    command = [sys.executable, "-c", SHOWN]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout.split()


def test_servers_have_to_prove_who_they_are_where_tls_is_set() -> None:
    assert shown() == ["None", "None", "None", "None", "False"]
    changes = {"DATABASE_TLS_CA": "/tls/ca.pem", "REDIS_URL": "rediss://valkey:6379/0", "REDIS_TLS_CA": "/tls/v.pem"}
    assert shown(**changes) == ["verify-full", "/tls/ca.pem", "required", "/tls/v.pem", "True"]


def test_the_list_of_parts_names_what_is_vendored(tmp_path: Path) -> None:
    parts = tmp_path / "sbom.cdx.json"
    parts.write_text('{"components": []}')
    script, vendored = ROOT / "deploy" / "vendored_parts.py", ROOT / "static" / "vendor" / "VENDORED.md"
    subprocess.run([sys.executable, str(script), str(parts), str(vendored)], check=True)
    named = {part["name"]: part for part in json.loads(parts.read_text())["components"]}
    assert set(named) == {"@tabler/core", "htmx.org", "@tabler/icons"}
    assert named["htmx.org"]["licenses"] == [{"license": {"id": "0BSD"}}]
