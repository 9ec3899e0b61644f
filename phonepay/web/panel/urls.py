"""The pages, a package each. A route without a row in access.py opens to nobody."""

from django.urls import URLPattern, URLResolver, path

from phonepay.web.panel import search
from phonepay.web.panel.activity import exported as activity_exported
from phonepay.web.panel.activity import views as activity
from phonepay.web.panel.alerts import views as alerts
from phonepay.web.panel.books import views as books
from phonepay.web.panel.calls import exported as calls_exported
from phonepay.web.panel.calls import views as calls
from phonepay.web.panel.guide import views as guide
from phonepay.web.panel.guide import wellknown
from phonepay.web.panel.home import views as home
from phonepay.web.panel.load import views as load
from phonepay.web.panel.orders import asking as orders_asking
from phonepay.web.panel.orders import editing as orders_editing
from phonepay.web.panel.orders import exported as orders_exported
from phonepay.web.panel.orders import selected as orders_selected
from phonepay.web.panel.orders import views as orders
from phonepay.web.panel.payments import exported as payments_exported
from phonepay.web.panel.payments import paid_back
from phonepay.web.panel.payments import views as payments
from phonepay.web.panel.personal import views as personal
from phonepay.web.panel.sandbox import views as sandbox
from phonepay.web.panel.settings import amounts, connections, hear, keys, landing, mail, protection, voice, words
from phonepay.web.panel.trying import views as trying
from phonepay.web.panel.work import views as work

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("home/calls", home.home_calls, name="home-calls"),
    path("home/hear", home.hear_it, name="hear-it"),
    path("needs", home.needs, name="needs"),
    path("search", search.search, name="search"),
    path("calls", calls.calls, name="calls"),
    path("calls/export", calls_exported.export, name="calls-export"),
    path("calls/now", calls.on_the_line, name="calls-now"),
    path("calls/live", calls.live, name="calls-live"),
    path("calls/stops", calls.stops, name="calls-stops"),
    path("calls/<int:identity>", calls.call, name="call"),
    path("calls/<int:identity>/told", calls.told_them, name="call-told"),
    path("calls/<int:identity>/requests", calls.requests, name="call-requests"),
    path("orders/load", load.load, name="load"),
    path("orders/load/<uuid:identity>", load.load_file, name="load-file"),
    path("orders/load/<uuid:identity>/errors.csv", load.errors, name="load-errors"),
    path("payments", payments.payments, name="payments"),
    path("payments/export", payments_exported.export, name="payments-export"),
    path("payments/<uuid:identity>", payments.payment, name="payment"),
    path("payments/<uuid:identity>/refund", payments.refund, name="payment-refund"),
    path("payments/<uuid:identity>/charge", payments.charge, name="payment-charge"),
    path("payments/<uuid:identity>/known", payments.known, name="payment-known"),
    path("payments/<uuid:identity>/paid-back/<uuid:refund>", paid_back.paid_back, name="payment-paid-back"),
    path("sandbox/leave", sandbox.leave, name="sandbox-leave"),
    path("try-the-line", trying.try_the_line, name="try-the-line"),
    path("orders", orders.orders, name="orders"),
    path("orders/export", orders_exported.export, name="orders-export"),
    path("orders/add", orders_editing.add, name="order-add"),
    path("orders/selected", orders_selected.selected, name="orders-selected"),
    path("orders/<int:pk>", orders.order, name="order"),
    path("orders/<int:pk>/edit", orders_editing.edit, name="order-edit"),
    path("orders/<int:pk>/refund", orders.refund, name="order-refund"),
    path("orders/<int:pk>/charge", orders.charge, name="order-charge"),
    path("orders/<int:pk>/ask", orders_asking.ask, name="order-ask"),
    path("orders/<int:pk>/cancel", orders.deed, {"deed": "cancel"}, name="order-cancel"),
    path("orders/<int:pk>/restore", orders.deed, {"deed": "restore"}, name="order-restore"),
    path("orders/<int:pk>/reopen", orders.deed, {"deed": "reopen"}, name="order-reopen"),
    path("orders/<int:pk>/paid", orders.deed, {"deed": "paid"}, name="order-paid"),
    path("orders/<int:pk>/number", orders.deed, {"deed": "number"}, name="order-number"),
    path("orders/<int:pk>/right", orders.deed, {"deed": "right"}, name="order-right"),
    path("orders/<int:pk>/attach", orders.attach, name="order-attach"),
    path("settings", landing.settings, name="settings"),
    path("settings/activity", activity.activity, name="activity"),
    path("settings/activity/export", activity_exported.export, name="activity-export"),
    path("settings/callers-hear", hear.hear, name="settings-hear"),
    path("settings/callers-hear/behavior/<slug:behavior>", hear.behavior, name="settings-behavior"),
    path("settings/callers-hear/paused", hear.pause, name="settings-pause"),
    path("settings/callers-hear/words", words.words, name="settings-words"),
    path("settings/callers-hear/words/<str:locale>/<str:key>", words.word, name="settings-word"),
    path("settings/callers-hear/voice", voice.voice, name="settings-voice"),
    path("settings/amounts", amounts.amounts, name="settings-amounts"),
    path("settings/protection", protection.protection, name="settings-protection"),
    path("settings/protection/<int:identity>/lift", protection.lift_it, name="protection-lift"),
    path("settings/connections", connections.connections, name="settings-connections"),
    path("settings/connections/number", connections.number, name="settings-number"),
    path("settings/connections/keys/<slug:what>", keys.key, name="settings-key"),
    path("settings/connections/keys/<slug:what>/older", keys.older, name="settings-key-older"),
    path(".well-known/security.txt", wellknown.security_txt, name="security-txt"),
    path(".well-known/change-password", wellknown.change_password, name="change-password"),
    path("settings/connections/e-mail/test", mail.test, name="settings-email-test"),
    path("help", guide.guide, name="help"),
    path("about", guide.about, name="about"),
    path("settings/alerts", alerts.alerts, name="alerts"),
    path("settings/alerts/<int:identity>/seen", alerts.seen, name="alert-seen"),
    path("settings/worker", work.worker, name="worker"),
    path("settings/worker/<slug:kind>/<str:key>/again", work.again, name="worker-again"),
    path("settings/books", books.books, name="books"),
    path("settings/books/check", books.check, name="books-check"),
    path("settings/books/<int:identity>/explain", books.explain, name="books-explain"),
    path("settings/personal-data", personal.personal, name="personal-data"),
    path("settings/personal-data/export", personal.told, name="personal-data-export"),
    path("settings/personal-data/erase", personal.erase, name="personal-data-erase"),
]
