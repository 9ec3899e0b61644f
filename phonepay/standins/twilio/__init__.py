"""A stand-in of Twilio: a telephone that interprets TwiML, and the REST calls that the product makes.

Faithful to what Twilio documents; what it leaves open is a switch (``Switches``). Needs the standard library only.

    phone = Telephone(
        "https://pay.example/twilio/voice#rc=2",
        local_base="http://127.0.0.1:8000",
        auth_token="…",
        connectors={"Default": Connector("http://127.0.0.1:12111", "sk_test_shop")},
    )
    call = phone.dial().press("1042#").press("1").key_card("4242424242424242", "0330", "123", "94110")
    print(call.transcript())

The clock is the telephone's own: a call of a minute takes milliseconds. What happens elsewhere in those seconds (a
charge under way) can be waited for in ``on_time``.

It performs Say, Play, Pause, Gather, Pay, Redirect, Dial, Hangup and Reject. It does not hear speech, fetch recordings,
record, queue, hold conferences, stream or send texts by <Sms>, and says so in the call's errors. <Pay> takes cards
only.
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
