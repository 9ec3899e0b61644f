"""All numbers as Prometheus reads them (prometheus.io/docs/instrumenting/exposition_formats)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime

from django.db import DatabaseError, InterfaceError
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

import phonepay
from phonepay import measuring
from phonepay.monitoring.figures import families

logger = logging.getLogger(__name__)

CONTENT_TYPE = CONTENT_TYPE_LATEST


class _Database(Collector):
    def __init__(self, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterator[Metric]:
        try:
            found = list(families(self._now))
        except (DatabaseError, InterfaceError):
            # What the processes measured is wanted most when the database is away.
            logger.warning("the database did not answer for the metrics", exc_info=True)
            found = []
        yield GaugeMetricFamily("phonepay_database_up", "Whether the database answered just now.", value=bool(found))
        version = GaugeMetricFamily("phonepay_build_info", "The version that answers.", labels=("version",))
        version.add_metric((phonepay.__version__,), 1)
        yield version
        yield from found


def text(now: datetime) -> bytes:
    """What the database knows at `now`, and what the processes of this `serve` measured."""
    registry = CollectorRegistry()
    registry.register(_Database(now))
    folder = measuring.folder()
    if folder is not None:
        MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call]  # this one class has no types
    return generate_latest(registry)
