"""What one model was used for, in the units it may be billed by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Usage:
    """`provider` is the host that served the model, "local" for this machine's own. Input tokens include the cached
    ones, output tokens the hidden ones of reasoning. `audio_ms` is sound heard or spoken.
    """

    provider: str
    model: str
    text_input_tokens: int = 0
    cached_text_input_tokens: int = 0
    audio_input_tokens: int = 0
    cached_audio_input_tokens: int = 0
    text_output_tokens: int = 0
    audio_output_tokens: int = 0
    characters: int = 0
    audio_ms: int = 0

    @property
    def amounts(self) -> dict[str, int]:
        """How much of each unit was used; what was not is left out."""
        return {name: amount for name in AMOUNTS if (amount := getattr(self, name))}

    def as_json(self) -> dict[str, Any]:
        """As the record keeps it."""
        return {"provider": self.provider, "model": self.model, **self.amounts}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """From the record; a unit this version does not know is passed over."""
        return cls(**{name: kept[name] for name in ("provider", "model", *AMOUNTS) if name in kept})

    def plus(self, other: "Usage") -> "Usage":
        """Both, of the same model."""
        assert (self.provider, self.model) == (other.provider, other.model)
        sums = {name: getattr(self, name) + getattr(other, name) for name in AMOUNTS}
        return Usage(self.provider, self.model, **sums)


AMOUNTS = tuple(field.name for field in fields(Usage) if field.name not in ("provider", "model"))


def merged(usages: Iterable[Usage]) -> tuple[Usage, ...]:
    """One entry a model, in the order in which they first came."""
    by_model: dict[tuple[str, str], Usage] = {}
    for usage in usages:
        before = by_model.get((usage.provider, usage.model))
        by_model[usage.provider, usage.model] = before.plus(usage) if before else usage
    return tuple(by_model.values())
