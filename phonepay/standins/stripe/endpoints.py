"""Webhook endpoints: made (the secret is shown once), read, changed, deleted, listed."""

from urllib.parse import urlsplit

from phonepay.standins.stripe import ids, listing, shapes
from phonepay.standins.stripe.call import Call
from phonepay.standins.stripe.errors import Json, invalid
from phonepay.standins.stripe.params import merge_metadata

MOST = 16


def create(call: Call) -> Json:
    params = call.params
    if len(call.scope.all("webhook_endpoint")) >= MOST:
        raise invalid(f"An account has at most {MOST} webhook endpoints.")
    url, events = _checked_url(params["url"]), _checked_events(params["enabled_events"])
    body = shapes.webhook_endpoint(call.new_id("webhook_endpoint"), call.now, call.scope.livemode, url, events)
    body["api_version"], body["description"] = params.get("api_version"), params.get("description")
    body["metadata"] = merge_metadata({}, params.get("metadata", {}))
    secret = ids.new("whsec")
    call.scope.add("webhook_endpoint", body, {"secret": secret})
    return {**body, "secret": secret}


def _checked_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        valid = False
    if not valid:
        raise invalid("Invalid URL: an endpoint is an absolute http or https address.", "url", "url_invalid")
    return url


def _checked_events(events: list[str]) -> list[str]:
    if not events:
        raise invalid("An endpoint listens to at least one event: name them, or * for all.", "enabled_events")
    return events


def retrieve(call: Call) -> Json:
    return call.in_path("webhook_endpoint").body


def update(call: Call) -> Json:
    body, params = call.in_path("webhook_endpoint").body, call.params
    changes: Json = {}
    if "url" in params:
        changes["url"] = _checked_url(params["url"])
    if "enabled_events" in params:
        changes["enabled_events"] = _checked_events(params["enabled_events"])
    if "disabled" in params:
        changes["status"] = "disabled" if params["disabled"] else "enabled"
    if "description" in params:
        changes["description"] = params["description"]
    if "metadata" in params:
        changes["metadata"] = merge_metadata(body["metadata"], params["metadata"])
    body.update(changes)
    call.scope.touch("webhook_endpoint", body["id"])
    return body


def delete(call: Call) -> Json:
    body = call.in_path("webhook_endpoint").body
    call.scope.remove("webhook_endpoint", body["id"])
    return {"id": body["id"], "object": "webhook_endpoint", "deleted": True}


def index(call: Call) -> Json:
    return listing.page(call, "webhook_endpoint", "/v1/webhook_endpoints")
