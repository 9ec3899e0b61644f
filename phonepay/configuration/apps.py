"""Configuration as a Django app: it brings system checks, and who is at work."""

from django.apps import AppConfig

from phonepay.configuration.flags import compare_flags


class ConfigurationApp(AppConfig):
    name = "phonepay.configuration"
    label = "configuration"

    def ready(self) -> None:
        compare_flags()
        # Importing them registers them.
        from phonepay.configuration import checks  # noqa: F401 - Django must be ready first
