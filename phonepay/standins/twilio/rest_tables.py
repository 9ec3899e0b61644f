"""The parameters that each REST call takes (Twilio's OpenAPI description of api.twilio.com, 2010-04-01)."""

from __future__ import annotations

PAGING = frozenset({"PageSize", "Page", "PageToken"})
_DATED = ("", "<", ">")
_METHODS = frozenset({"GET", "POST"})

#: What a list can be filtered by: the parameter, the property that it looks at; dates have "<" and ">" as well.
CALL_FILTERS = {"To": "to", "From": "from", "ParentCallSid": "parent_call_sid", "Status": "status"}
CALL_DATES = {"StartTime": "start_time", "EndTime": "end_time"}
NUMBER_FILTERS = {"FriendlyName": "friendly_name", "PhoneNumber": "phone_number", "Origin": "origin", "Beta": "beta"}
MESSAGE_FILTERS = {"To": "to", "From": "from"}
MESSAGE_DATES = {"DateSent": "date_sent"}
NOTIFICATION_FILTERS = {"Log": "log"}
NOTIFICATION_DATES = {"MessageDate": "message_date"}


def list_parameters(filters: dict[str, str], dates: dict[str, str]) -> frozenset[str]:
    """Every parameter of a list: its filters, its dates with their comparisons, and paging."""
    return frozenset(filters) | {name + sign for name in dates for sign in _DATED} | PAGING


CREATE_CALL = frozenset(
    """
    To From Method FallbackUrl FallbackMethod StatusCallback StatusCallbackEvent StatusCallbackMethod SendDigits Timeout
    Record RecordingChannels RecordingStatusCallback RecordingStatusCallbackMethod SipAuthUsername SipAuthPassword
    MachineDetection MachineDetectionTimeout RecordingStatusCallbackEvent Trim CallerId MachineDetectionSpeechThreshold
    MachineDetectionSpeechEndThreshold MachineDetectionSilenceTimeout AsyncAmd AsyncAmdStatusCallback
    AsyncAmdStatusCallbackMethod Byoc CallReason CallToken RecordingTrack TimeLimit ClientNotificationUrl Url Twiml
    ApplicationSid
    """.split()  # noqa: SIM905 - a table is read in lines, not one word a line
)
UPDATE_CALL = frozenset(
    {
        "Url",
        "Method",
        "Status",
        "FallbackUrl",
        "FallbackMethod",
        "StatusCallback",
        "StatusCallbackMethod",
        "Twiml",
        "TimeLimit",
    }
)
CREATE_MESSAGE = frozenset(
    """
    To StatusCallback ApplicationSid MaxPrice ProvideFeedback Attempt ValidityPeriod ForceDelivery ContentRetention
    AddressRetention SmartEncoded PersistentAction TrafficType ShortenUrls ScheduleType SendAt SendAsMms
    ContentVariables RiskCheck From FallbackFrom MessagingServiceSid Body MediaUrl ContentSid
    """.split()  # noqa: SIM905 - a table is read in lines, not one word a line
)

#: What can be changed of a number, and the property that it changes.
UPDATE_NUMBER = {
    "AccountSid": "account_sid",
    "ApiVersion": "api_version",
    "FriendlyName": "friendly_name",
    "SmsApplicationSid": "sms_application_sid",
    "SmsFallbackMethod": "sms_fallback_method",
    "SmsFallbackUrl": "sms_fallback_url",
    "SmsMethod": "sms_method",
    "SmsUrl": "sms_url",
    "StatusCallback": "status_callback",
    "StatusCallbackMethod": "status_callback_method",
    "VoiceApplicationSid": "voice_application_sid",
    "VoiceCallerIdLookup": "voice_caller_id_lookup",
    "VoiceFallbackMethod": "voice_fallback_method",
    "VoiceFallbackUrl": "voice_fallback_url",
    "VoiceMethod": "voice_method",
    "VoiceUrl": "voice_url",
    "EmergencyStatus": "emergency_status",
    "EmergencyAddressSid": "emergency_address_sid",
    "TrunkSid": "trunk_sid",
    "VoiceReceiveMode": "voice_receive_mode",
    "IdentitySid": "identity_sid",
    "AddressSid": "address_sid",
    "BundleSid": "bundle_sid",
}

CALL_STATUSES = frozenset({"queued", "ringing", "in-progress", "completed", "busy", "failed", "no-answer", "canceled"})
#: Values of parameters that are chosen from a list.
VALUES = {
    "EmergencyStatus": frozenset({"Active", "Inactive"}),
    "VoiceReceiveMode": frozenset({"voice", "fax"}),
    "ContentRetention": frozenset({"retain", "discard"}),
    "AddressRetention": frozenset({"retain", "obfuscate"}),
    "TrafficType": frozenset({"free"}),
    "ScheduleType": frozenset({"fixed"}),
    "RiskCheck": frozenset({"enable", "disable"}),
    "Method": _METHODS,
    "FallbackMethod": _METHODS,
    "StatusCallbackMethod": _METHODS,
    "VoiceMethod": _METHODS,
    "VoiceFallbackMethod": _METHODS,
    "SmsMethod": _METHODS,
    "SmsFallbackMethod": _METHODS,
    "VoiceCallerIdLookup": frozenset({"true", "false", "True", "False"}),
}
