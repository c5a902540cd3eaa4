"""Which providers are left alone for a while, and known to be by every call of a machine: circuit breakers. Who stands
in meanwhile is the business of `voice.fallback` and of the agent. Loads no provider.
"""

from insta_voice.voice.breaker.breaker import Breaker, Breakers, believed
from insta_voice.voice.breaker.store import Held, InFiles, InMemory, shared_store

__all__ = ["Breaker", "Breakers", "Held", "InFiles", "InMemory", "believed", "shared_store"]
