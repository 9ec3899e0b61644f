"""Events as the API shows them: for 30 days, by type with `*` for any text. Source: docs.stripe.com/api/events."""

import fnmatch

from phonepay.standins.stripe import listing
from phonepay.standins.stripe.call import Call
from phonepay.standins.stripe.errors import Json, invalid, no_such

KEPT_SECONDS = 30 * 86400


def retrieve(call: Call) -> Json:
    body = call.in_path("event").body
    if body["created"] < call.now - KEPT_SECONDS:
        raise no_such("event", body["id"], "id")
    return body


def index(call: Call) -> Json:
    one, many = call.params.get("type"), call.params.get("types")
    if one and many:
        raise invalid("type and types cannot be used together.", "types", "parameters_exclusive")
    if many and len(many) > 20:
        raise invalid("At most 20 types can be asked for.", "types")
    patterns = [one] if one else many or ["*"]

    def wanted(body: Json) -> bool:
        fits = any(fnmatch.fnmatchcase(body["type"], pattern) for pattern in patterns)
        return fits and body["created"] >= call.now - KEPT_SECONDS and _delivery_fits(call, body)

    return listing.page(call, "event", "/v1/events", wanted)


def _delivery_fits(call: Call, body: Json) -> bool:
    wanted = call.params.get("delivery_success")
    return wanted is None or wanted == (body["pending_webhooks"] == 0)
