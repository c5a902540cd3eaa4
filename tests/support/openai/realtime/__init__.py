"""`WS /v1/realtime`: one `Session` a connection. `orders` is what the client asks for, `conversation` and `microphone`
what they change, `response` and `output` what the model says, event by event in OpenAI's order."""
