"""What Stripe says when it refuses: one error, with the status and the fields of its JSON body."""

from typing import Any

Json = dict[str, Any]

DOC_URL = "https://stripe.com/docs/error-codes/"


class ApiError(Exception):
    """A refusal that the caller of the API sees.

    `validation` marks refusals that come before the work begins: Stripe stores no idempotent answer for those.
    Source: docs.stripe.com/api/errors and docs.stripe.com/api/idempotent_requests.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        validation: bool = False,
        headers: dict[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.validation = validation
        self.headers = headers or {}
        self.error: Json = {"type": kind, "message": message}
        if code:
            self.error["code"] = code
            self.error["doc_url"] = DOC_URL + code.replace("_", "-")
        if param:
            self.error["param"] = param
        self.error.update({name: value for name, value in extra.items() if value is not None})

    def body(self) -> Json:
        return {"error": self.error}


def invalid(message: str, param: str | None = None, code: str | None = None) -> ApiError:
    """A parameter that is wrong in itself, found before any work: 400, and no idempotent answer is kept."""
    return ApiError(400, message, code=code, param=param, validation=True)


def missing_param(name: str) -> ApiError:
    return invalid(f"Missing required param: {name}.", name, "parameter_missing")


def unknown_param(name: str) -> ApiError:
    return invalid(f"Received unknown parameter: {name}", name, "parameter_unknown")


def no_such(noun: str, identity: str, param: str, status: int = 404) -> ApiError:
    """404 for an id in the path; 400 for an id in a parameter, as Stripe answers."""
    return ApiError(status, f"No such {noun}: '{identity}'", code="resource_missing", param=param)
