"""Money moved by hand: refund and extra charge, one component for the payment's page and the order's."""
