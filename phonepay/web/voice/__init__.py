"""Twilio's door: each request is verified, becomes one domain call, and is answered with TwiML."""
