from django.apps import AppConfig


class ProtectionConfig(AppConfig):
    name = "phonepay.protection"
