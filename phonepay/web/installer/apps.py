from django.apps import AppConfig


class InstallerConfig(AppConfig):
    name = "phonepay.web.installer"
    label = "installer"
