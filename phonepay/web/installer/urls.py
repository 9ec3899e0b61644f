"""The set-up, and what is left of it once it is closed."""

from django.urls import path

from phonepay.web.installer import calling, connections, consoles, first, live, own

urlpatterns = [
    path(".well-known/phonepay/<str:nonce>", connections.prove),
    path("setup", first.setup, name="setup"),
    path("setup/try", first.try_it, name="setup-try"),
    path("setup/connect", first.connect, name="setup-connect"),
    path("setup/owner", own.owner, name="setup-owner"),
    path("setup/shop", own.shop, name="setup-shop"),
    path("setup/reach", connections.reach, name="setup-reach"),
    path("setup/renewing", connections.renewing, name="setup-renewing"),
    path("setup/database", connections.database, name="setup-database"),
    path("setup/stripe", connections.stripe, name="setup-stripe"),
    path("setup/twilio", connections.twilio, name="setup-twilio"),
    path("setup/twilio/number", connections.number, name="setup-number"),
    path("setup/behavior", own.behavior, name="setup-behavior"),
    path("setup/email", own.email, name="setup-email"),
    path("setup/consoles", consoles.consoles, name="setup-consoles"),
    path("setup/consoles/connector", consoles.connector, name="setup-connector"),
    path("setup/call", calling.call, name="setup-call"),
    path("setup/call/refund", calling.refund, name="setup-refund"),
    path("setup/finish", calling.finish, name="setup-finish"),
    path("go-live", live.live, name="go-live"),
    path("go-live/call", live.live_call, name="go-live-call"),
    path("go-live/call/refund", live.live_refund, name="go-live-refund"),
    path("handover", live.handover, name="handover"),
    path("settings/connections/number/<int:pk>/give-back", live.give_back, name="number-give-back"),
]
