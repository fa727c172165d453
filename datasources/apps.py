from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DatasourcesConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "datasources"

    def ready(self) -> None:
        post_migrate.connect(_first_schedule, sender=self)


def _first_schedule(**_kwargs: Any) -> None:
    from core.schedule import ensure

    ensure()
