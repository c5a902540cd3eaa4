"""The scripted caller of `insta-voice demo`: joins over WebRTC like any browser, asks aloud and judges what comes back.

Here lives the caller (a microphone with a noise floor, an ear with a clock), the conversation it holds and the report.
It knows the product only from outside: the address `up` prints, the token service, the room and the record of its own
calls. What answers lives elsewhere.
"""
