"""Errors to Sentry and traces to OpenTelemetry, each only where its name is set in the environment.

Both packages are slow to import and are extras; they are loaded by processes that serve, after they were started.
What they would gather by themselves (requests, local variables, command lines, the machine's name) is left off.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import phonepay
from phonepay.configuration.context import in_hand
from phonepay.configuration.scrubbing import scrubbed

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.trace import Tracer

# Asked whenever something is sent: keys change while a process runs.
Secrets = Callable[[], Sequence[str]]

FLUSH_SECONDS = 3.0  # of a process that ends
SEND_SECONDS = 5

_tracer: Tracer | None = None
_ends: list[Any] = []


def report_errors(dsn: str, secrets: Secrets) -> None:
    """Send what is logged as an error, with its trace and what it was about; nothing else, and scrubbed."""
    import sentry_sdk
    from sentry_sdk.integrations.dedupe import DedupeIntegration
    from sentry_sdk.integrations.excepthook import ExcepthookIntegration
    from sentry_sdk.integrations.logging import LoggingIntegration

    def before_send(event: Any, hint: Any) -> Any:
        event = scrubbed(event, secrets())
        # Ours, and no secret: what a line of the log says too.
        event["tags"] = in_hand()
        return event

    sentry_sdk.init(
        dsn=dsn,
        release=f"phonepay@{phonepay.__version__}",
        server_name="phonepay",
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            LoggingIntegration(level=None, event_level=logging.ERROR),
            ExcepthookIntegration(),
            DedupeIntegration(),
        ],
        include_local_variables=False,
        include_source_context=False,
        send_default_pii=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        before_send=before_send,
        shutdown_timeout=FLUSH_SECONDS,
    )
    _ends.append(lambda: sentry_sdk.flush(FLUSH_SECONDS))


def send_traces(endpoint: str, secrets: Secrets) -> None:
    """Send a span for each request to us and each of ours to Stripe, which a charge's thread carries on."""
    global _tracer  # noqa: PLW0603  # one process, one tracer
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    class Scrubbed(OTLPSpanExporter):
        def export(self, spans: Sequence[ReadableSpan]) -> Any:
            known = secrets()
            for span in spans:
                # Its own view of them cannot be written to; the exporter reads this one.
                span._attributes = scrubbed(dict(span.attributes or {}), known)
            return super().export(spans)

    resource = Resource({"service.name": "phonepay", "service.version": phonepay.__version__})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(Scrubbed(endpoint=f"{endpoint}/v1/traces", timeout=SEND_SECONDS)))
    _tracer = provider.get_tracer("phonepay", phonepay.__version__)
    _ends.extend((provider.shutdown, lambda: provider.force_flush(int(FLUSH_SECONDS * 1000))))


def span(name: str, **attributes: str) -> AbstractContextManager[None]:
    """A span around some work, with what it is about; nothing where no traces are sent."""
    if _tracer is None:
        return contextlib.nullcontext()
    return _span(_tracer, name, attributes)


@contextlib.contextmanager
def _span(tracer: Tracer, name: str, attributes: dict[str, str]) -> Iterator[None]:
    # An exception's message may hold anything: it is in our own log.
    with tracer.start_as_current_span(name, attributes=attributes, record_exception=False) as current:
        try:
            yield
        finally:
            current.set_attributes({f"phonepay.{key}": value for key, value in in_hand().items()})


def finish() -> None:
    """Send what is left, for a few seconds at most."""
    while _ends:
        _ends.pop()()
