"""Twilio's paths: `telephony.addresses` names the same ones."""

from django.urls import path

from phonepay.web.voice import views

urlpatterns = [
    path("voice", views.incoming),
    path("input/<int:turn>", views.keyed),
    path("pay/<uuid:attempt>", views.pay_result),
    path("pay/<uuid:attempt>/fell-through", views.pay_fell_through),
    path("pay/<uuid:attempt>/status", views.pay_status),
    path("waiting/<uuid:attempt>/<int:said>", views.waiting),
    path("person/<int:turn>", views.person_ended),
    path("status", views.status),
    path("resume", views.resume),
    path("fallback", views.fallback),
]
