from django.apps import AppConfig


class TelephoneConfig(AppConfig):
    name = "phonepay.web.telephone"
    label = "telephone"
