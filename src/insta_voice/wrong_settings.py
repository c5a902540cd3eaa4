"""Says in a sentence what pydantic has against a setting's value, without repeating a secret."""

from typing import Any

from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

# pydantic's kind of complaint → what the value has to be; the kinds that our fields can raise.
_EXPECTED = {
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_parsing": "a number",
    "decimal_parsing": "a number",
    "finite_number": "a number",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "literal_error": "{expected}",
    "greater_than": "more than {gt}",
    "greater_than_equal": "at least {ge}",
    "less_than": "less than {lt}",
    "too_short": "one value or more",
    "less_than_equal": "at most {le}",
    "string_pattern_mismatch": "like wiki.example or wiki.example:8080",
}


def wrong_values(group: type[BaseSettings], error: ValidationError) -> list[tuple[str, str]]:
    """(variable, sentence) for each value of `group` that cannot be taken."""
    found = []
    for complaint in error.errors(include_url=False):
        name = str(complaint["loc"][0]) if complaint["loc"] else ""
        field = group.model_fields.get(name)
        variable = variable_of(group, name)
        shown = "" if field is None or is_secret(field) else f" {complaint['input']!r}"
        expected = _EXPECTED.get(complaint["type"], "")
        wanted = expected.format(**_plain(complaint.get("ctx", {}))) if expected else ""
        mend = f"It has to be {wanted}." if wanted else f"{complaint['msg']}."
        found.append((variable, f"{variable} cannot be{shown}. {mend}"))
    return found


def variable_of(group: type[BaseSettings], field: str) -> str:
    """The environment variable of a field."""
    return f"{group.model_config.get('env_prefix', '')}{field}".upper()


def is_secret(field: FieldInfo) -> bool:
    """Whether the value is never to be shown."""
    return "SecretStr" in str(field.annotation) or isinstance(field.default, SecretStr)


def _plain(context: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value).replace("'", "") for name, value in context.items()}
