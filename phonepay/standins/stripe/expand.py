"""`expand[]`: ids in an answer replaced by their objects, up to four levels.

Source: docs.stripe.com/api/expanding_objects.
"""

import copy

from phonepay.standins.stripe import balance, shapes
from phonepay.standins.stripe.call import Call
from phonepay.standins.stripe.errors import Json, invalid

# Per kind of object, the fields that can be expanded and what they lead to.
LEADS: dict[str, dict[str, str]] = {
    "account": {},
    "balance_transaction": {"source": "source"},
    "charge": {
        "balance_transaction": "balance_transaction",
        "customer": "customer",
        "payment_intent": "payment_intent",
        "refunds": "list",
    },
    "customer": {},
    "dispute": {"charge": "charge", "payment_intent": "payment_intent"},
    "event": {},
    "payment_intent": {"customer": "customer", "latest_charge": "charge", "payment_method": "payment_method"},
    "payment_method": {"customer": "customer"},
    "payout": {
        "balance_transaction": "balance_transaction",
        "failure_balance_transaction": "balance_transaction",
    },
    "radar.early_fraud_warning": {"charge": "charge", "payment_intent": "payment_intent"},
    "refund": {
        "balance_transaction": "balance_transaction",
        "charge": "charge",
        "failure_balance_transaction": "balance_transaction",
        "payment_intent": "payment_intent",
    },
    "source": {"charge": "charge", "payment_intent": "payment_intent"},
    "webhook_endpoint": {},
    "list": {},
}
# What the source of a balance transaction can be, by how its id begins.
SOURCES = {"ch": "charge", "re": "refund", "dp": "dispute", "po": "payout"}
DEEPEST = 4


def check(paths: list[str], kind: str, listed: bool) -> None:
    """Raises 400 for a path that leads nowhere from an object of this kind: before the work, so that none is done."""
    for path in paths:
        names = path.split(".")
        if len(names) > DEEPEST:
            raise invalid(f"You cannot expand more than {DEEPEST} levels of a property: {path}", "expand")
        if listed and names.pop(0) != "data":
            raise invalid(f"This property cannot be expanded ({path}): in a list, begin with data.", "expand")
        at = kind
        for name in names:
            if name not in LEADS[at]:
                raise invalid(f"This property cannot be expanded ({path}).", "expand")
            at = LEADS[at][name]


def expanded(call: Call, answer: Json) -> Json:
    """A copy of the answer with everything asked for in place."""
    answer = copy.deepcopy(answer)
    for path in call.params.get("expand", []):
        _expand(call, answer, path.split("."))
    return answer


def _expand(call: Call, body: Json, names: list[str]) -> None:
    name, rest = names[0], names[1:]
    if name == "data" and body.get("object") == "list":
        for item in body["data"] if rest else []:
            _expand(call, item, rest)
        return
    if name == "refunds":
        body["refunds"] = _refunds_of(call, body["id"])
    elif isinstance(body.get(name), str):
        record = call.scope.get(_kind(body, name), body[name])
        if record is not None:
            found = balance.fresh(call, record.body) if name.endswith("balance_transaction") else record.body
            body[name] = copy.deepcopy(found)
    if rest and isinstance(body.get(name), dict):
        _expand(call, body[name], rest)


def _kind(body: Json, name: str) -> str:
    kind = LEADS[body["object"]].get(name, "")
    return SOURCES.get(body[name].partition("_")[0], "") if kind == "source" else kind


def _refunds_of(call: Call, charge: str) -> Json:
    """The ten newest refunds of a charge, as a list in the charge: there only where it was asked for."""
    found = [record.body for record in reversed(call.scope.all("refund")) if record.body["charge"] == charge]
    return shapes.listing(f"/v1/charges/{charge}/refunds", copy.deepcopy(found[:10]), len(found) > 10)
