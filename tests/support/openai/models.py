"""`GET /v1/models`."""

from tests.support.openai.checked import Json, checked

from openai.types import Model


def listed(*names: str) -> Json:
    """The models that a key may use."""
    data = [{"id": name, "object": "model", "created": 1, "owned_by": "openai"} for name in names]
    return {"object": "list", "data": [checked(Model, model) for model in data]}
