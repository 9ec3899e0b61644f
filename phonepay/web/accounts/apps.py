from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "phonepay.web.accounts"
    label = "accounts"
