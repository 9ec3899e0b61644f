"""A stand-in of Twilio: a telephone that interprets TwiML, and the REST calls that the product makes.

Faithful to what Twilio documents; what it leaves open is a switch (``Switches``). Needs the standard library only.
"""

from phonepay.standins.twilio.call import Call, CallOver
from phonepay.standins.twilio.connector import Connector
from phonepay.standins.twilio.conversation import Note
from phonepay.standins.twilio.heard import Heard
from phonepay.standins.twilio.requests import Request
from phonepay.standins.twilio.rest import TwilioStandIn
from phonepay.standins.twilio.switches import Switches
from phonepay.standins.twilio.telephone import Telephone

__all__ = ["Call", "CallOver", "Connector", "Heard", "Note", "Request", "Switches", "Telephone", "TwilioStandIn"]
