from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "dashboards"

    def ready(self) -> None:
        from core import row_sets
        from dashboards.early_warnings.services import ROW_SET, counted_rows
        from dashboards.home import receivers  # noqa: F401 (connected by being imported)

        row_sets.register(ROW_SET, counted_rows)
