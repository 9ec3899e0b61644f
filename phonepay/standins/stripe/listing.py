"""Lists as Stripe pages them: newest first, up to 100 at a time, with cursors that are ids."""

from collections.abc import Callable, Iterable

from phonepay.standins.stripe import shapes
from phonepay.standins.stripe.call import NOUNS, Call
from phonepay.standins.stripe.errors import Json, invalid, no_such

DEFAULT_LIMIT = 10


def page(call: Call, kind: str, url: str, wanted: Callable[[Json], bool] = lambda body: True) -> Json:
    """One page of the records that `wanted` and `created` let through. Raises 400 for a cursor of nothing."""
    bodies = [record.body for record in reversed(call.scope.all(kind))]
    return page_of(call, [body for body in bodies if wanted(body) and created_fits(call, body)], kind, url)


def page_of(call: Call, bodies: list[Json], kind: str, url: str) -> Json:
    limit = call.params.get("limit", DEFAULT_LIMIT)
    after, before = call.params.get("starting_after"), call.params.get("ending_before")
    if after and before:
        raise invalid(
            "starting_after and ending_before cannot be used together.", "ending_before", "parameters_exclusive"
        )
    if before:
        newer = bodies[: _position(call, bodies, kind, before, "ending_before")]
        return shapes.listing(url, newer[-limit:], len(newer) > limit)
    if after:
        bodies = bodies[_position(call, bodies, kind, after, "starting_after") + 1 :]
    return shapes.listing(url, bodies[:limit], len(bodies) > limit)


def _position(call: Call, bodies: Iterable[Json], kind: str, cursor: str, param: str) -> int:
    for number, body in enumerate(bodies):
        if body["id"] == cursor:
            return number
    raise no_such(NOUNS[kind], cursor, param, 400)


def created_fits(call: Call, body: Json) -> bool:
    return bounded(call, body, "created")


def bounded(call: Call, body: Json, name: str) -> bool:
    """Whether a time of the object, in Unix seconds, is within the bounds that were given for it."""
    bounds = call.params.get(name, {})
    second = body[name]
    return bool(
        second > bounds.get("gt", second - 1)
        and second >= bounds.get("gte", second)
        and second < bounds.get("lt", second + 1)
        and second <= bounds.get("lte", second)
    )


def equal(call: Call, *names: str) -> Callable[[Json], bool]:
    """A filter by the parameters of these names, where they were given."""
    given = {name: call.params[name] for name in names if name in call.params}
    return lambda body: all(body.get(name) == value for name, value in given.items())
