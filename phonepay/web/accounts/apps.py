from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "phonepay.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        # It needs allauth's models, which are not there before.
        from phonepay.web.accounts.recorded import listen

        listen()
