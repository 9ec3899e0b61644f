"""A row of each table as the first Phone Pay had it (its install/db_structure.sql)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OldBehavior:
    type: str  # fixed or user_defined, or dirt
    order_id: str  # enabled or disabled, or dirt
    amount: int  # whole units


@dataclass(frozen=True, slots=True)
class OldOrder:
    """`id` is 0 for the order of a charge whose own row was deleted; then `orphan` is the transaction's id."""

    id: int
    timestamp: str
    order_id: str
    phone: str
    amount: int  # whole units
    overage: int
    refunded: int
    status: str
    orphan: int = 0

    @property
    def name(self) -> str:
        """Its identity within its database, the same at each run."""
        return f"order:{self.id}" if self.id else f"transaction:{self.orphan}"

    @property
    def said(self) -> str:
        """In the report."""
        return f"order {self.id}" if self.id else f"the order of transaction {self.orphan}"


@dataclass(frozen=True, slots=True)
class OldTransaction:
    id: int
    ord_id: int
    timestamp: str
    status: str
    stripid: str
    strip_customer: str
    notes: str


@dataclass(frozen=True, slots=True)
class OldStaff:
    """Without the password: it is not even read."""

    id: int
    first_name: str
    last_name: str
    email: str
    status: str
