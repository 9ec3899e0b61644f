from django.apps import AppConfig


class MerchantConfig(AppConfig):
    name = "phonepay.merchant"
