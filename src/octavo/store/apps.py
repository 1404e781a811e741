"""The app's registration with Django."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Octavo's one app."""

    name = "octavo.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Prepares what differs between databases."""
        from octavo.store import vendor

        if vendor.is_sqlite():
            vendor.read_moments_once()
