"""The peers' own Python environment in `.tools/peers`."""

from pathlib import Path

from bench.environment import Environment

# Haystack counts its pipelines and components at PostHog unless it is told not to; LangChain sends traces to LangSmith
# where a key and one of these variables are set. LlamaIndex has nothing of the kind. All are read at import.
TELEMETRY_OFF = {
    "HAYSTACK_TELEMETRY_ENABLED": "false",
    "LANGSMITH_TRACING": "false",
    "LANGSMITH_TRACING_V2": "false",
    "LANGCHAIN_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
}
PEERS = Environment(
    "peers", Path(__file__).with_name("requirements.txt"), "0.9 GB", variables=TELEMETRY_OFF, product=True
)
