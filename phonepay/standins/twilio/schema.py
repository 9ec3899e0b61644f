"""The verbs of TwiML for voice with their attributes and children (twilio.com/docs/voice/twiml)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Verb:
    """What a verb may carry; ``text`` tells whether words stand in it."""

    attributes: frozenset[str] = frozenset()
    children: frozenset[str] = frozenset()
    text: bool = False


def _verb(attributes: str = "", children: str = "", *, text: bool = False) -> Verb:
    return Verb(frozenset(attributes.split()), frozenset(children.split()), text)


#: Speech markup inside <Say>: read as the words in it, whatever it says about how to say them.
SSML = frozenset({"break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"})

#: The verbs that the telephone performs, and the nouns inside them.
VERBS = {
    "Say": _verb("voice language loop", text=True),
    "Play": _verb("loop digits", text=True),
    "Pause": _verb("length"),
    "Gather": _verb(
        "input action method timeout speechTimeout maxSpeechTime profanityFilter finishOnKey numDigits"
        " partialResultCallback partialResultCallbackMethod language hints bargeIn debug actionOnEmptyResult"
        " speechModel enhanced",
        "Say Play Pause",
    ),
    "Pay": _verb(
        "input action bankAccountType statusCallback statusCallbackMethod timeout maxAttempts securityCode postalCode"
        " minPostalCodeLength paymentConnector paymentMethod tokenType chargeAmount currency description"
        " validCardTypes language",
        "Prompt Parameter",
    ),
    "Prompt": _verb("for attempt cardType errorType requireMatchingInputs", "Say Play Pause"),
    "Parameter": _verb("name value"),
    "Redirect": _verb("method", text=True),
    "Dial": _verb(
        "action method timeout hangupOnStar timeLimit callerId record trim recordingStatusCallback"
        " recordingStatusCallbackMethod recordingStatusCallbackEvent answerOnBridge ringTone recordingTrack"
        " sequential referUrl referMethod events recordingConfigurationId passports",
        "Number",
        text=True,
    ),
    "Number": _verb(
        "sendDigits url method statusCallbackEvent statusCallback statusCallbackMethod byoc machineDetection"
        " amdStatusCallback amdStatusCallbackMethod machineDetectionTimeout machineDetectionSpeechThreshold"
        " machineDetectionSpeechEndThreshold machineDetectionSilenceTimeout",
        text=True,
    ),
    "Hangup": _verb("", "Parameter"),
    "Reject": _verb("reason", "Parameter"),
}

#: What may stand directly in <Response> and is performed.
TOP = frozenset({"Say", "Play", "Pause", "Gather", "Pay", "Redirect", "Dial", "Hangup", "Reject"})

#: Verbs of Twilio that this telephone does not perform: it says so in the call's errors and goes on.
NOT_PERFORMED = frozenset({"Connect", "Echo", "Enqueue", "Leave", "Queue", "Record", "Refer", "Sms", "Start", "Stop"})
