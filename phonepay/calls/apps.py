from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "phonepay.calls"
