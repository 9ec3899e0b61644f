"""The pages, a package each. A route without a row in access.py opens to nobody."""

from django.urls import URLPattern, URLResolver, path

from phonepay.web.panel import search
from phonepay.web.panel.calls import views as calls
from phonepay.web.panel.home import views as home
from phonepay.web.panel.load import views as load
from phonepay.web.panel.payments import exported as payments_exported
from phonepay.web.panel.payments import views as payments
from phonepay.web.panel.settings import amounts, hear, landing, voice, words
from phonepay.web.panel.trying import views as trying

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("home/calls", home.home_calls, name="home-calls"),
    path("home/hear", home.hear_it, name="hear-it"),
    path("needs", home.needs, name="needs"),
    path("search", search.search, name="search"),
    path("calls", calls.calls, name="calls"),
    path("calls/now", calls.on_the_line, name="calls-now"),
    path("calls/live", calls.live, name="calls-live"),
    path("calls/stops", calls.stops, name="calls-stops"),
    path("calls/<int:identity>", calls.call, name="call"),
    path("calls/<int:identity>/requests", calls.requests, name="call-requests"),
    path("orders/load", load.load, name="load"),
    path("orders/load/<uuid:identity>", load.load_file, name="load-file"),
    path("orders/load/<uuid:identity>/errors.csv", load.errors, name="load-errors"),
    path("payments", payments.payments, name="payments"),
    path("payments/export", payments_exported.export, name="payments-export"),
    path("payments/<uuid:identity>", payments.payment, name="payment"),
    path("payments/<uuid:identity>/refund", payments.refund, name="payment-refund"),
    path("payments/<uuid:identity>/charge", payments.charge, name="payment-charge"),
    path("try-the-line", trying.try_the_line, name="try-the-line"),
    path("settings", landing.settings, name="settings"),
    path("settings/callers-hear", hear.hear, name="settings-hear"),
    path("settings/callers-hear/behavior/<slug:behavior>", hear.behavior, name="settings-behavior"),
    path("settings/callers-hear/paused", hear.pause, name="settings-pause"),
    path("settings/callers-hear/words", words.words, name="settings-words"),
    path("settings/callers-hear/words/<str:locale>/<str:key>", words.word, name="settings-word"),
    path("settings/callers-hear/voice", voice.voice, name="settings-voice"),
    path("settings/amounts", amounts.amounts, name="settings-amounts"),
]
