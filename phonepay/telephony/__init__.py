"""Twilio: signatures, TwiML and the REST calls. The only room that imports the twilio package."""
