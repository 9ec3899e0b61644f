"""Alerts: what is wrong with the installation, told once, counted, and over when it is over. Any room may raise one."""
