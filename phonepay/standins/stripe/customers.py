"""Customers: made, read, changed, deleted, listed."""

from phonepay.standins.stripe import listing, methods, shapes
from phonepay.standins.stripe.call import Call
from phonepay.standins.stripe.errors import Json
from phonepay.standins.stripe.params import merge_metadata

PLAIN = ("description", "email", "name", "phone", "preferred_locales")


def create(call: Call) -> Json:
    body = shapes.customer(call.new_id("customer"), call.now, call.scope.livemode)
    _change(body, call.params)
    method = call.params.get("payment_method")
    if method:
        methods.check_attachable(call, methods.find(call, method, "payment_method"), body["id"])
    call.scope.add("customer", body)
    call.emit("customer.created", body)
    if method:
        methods.attach_to(call, methods.find(call, method, "payment_method"), body["id"])
    return body


def retrieve(call: Call) -> Json:
    return call.in_path("customer").body


def update(call: Call) -> Json:
    body = call.customer(call.path_ids[0]).body
    _change(body, call.params)
    call.scope.touch("customer", body["id"])
    call.emit("customer.updated", body)
    return body


def delete(call: Call) -> Json:
    """The cards of a deleted customer are detached and cannot be used again."""
    record = call.customer(call.path_ids[0])
    for method in call.scope.all("payment_method"):
        if method.body["customer"] == record.body["id"]:
            methods.detach_from(call, method)
    call.emit("customer.deleted", record.body)
    record.body = {"id": record.body["id"], "object": "customer", "deleted": True}
    call.scope.touch("customer", record.body["id"])
    return record.body


def index(call: Call) -> Json:
    fits = listing.equal(call, "email")
    return listing.page(call, "customer", "/v1/customers", lambda body: not body.get("deleted") and fits(body))


def _change(body: Json, params: Json) -> None:
    for name in PLAIN:
        if name in params:
            body[name] = params[name]
    if "address" in params:
        body["address"] = shapes.address(params["address"]) if params["address"] else None
    if "metadata" in params:
        body["metadata"] = merge_metadata(body["metadata"], params["metadata"])
