from django.apps import AppConfig


class PanelConfig(AppConfig):
    name = "phonepay.web.panel"
    label = "panel"
