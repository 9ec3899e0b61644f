"""Card testing and abuse by phone: limits per caller, card and line, and the steps by which a line protects itself."""
