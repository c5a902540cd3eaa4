"""What several calls of a test know of their providers."""

from insta_voice.voice.breaker import Breaker, Breakers


class SharedBreakers(Breakers):
    """By the model alone: the name of a provider begins with its address, and each scripted server has its own."""

    def of(self, name: str) -> Breaker:
        return super().of(name.rpartition(" ")[2])
