"""Settings as they would be with some answers more: what `init` has checked before it writes anything."""

from collections.abc import Mapping

from pydantic import ValidationError
from pydantic_settings import BaseSettings

from insta_voice.errors import InvalidInputError
from insta_voice.settings import Settings
from insta_voice.wrong_settings import variable_of, wrong_values


def settings_with(values: Mapping[str, str]) -> Settings:
    """This process's settings with `values` before them; InvalidInputError naming the first that cannot be."""
    settings = Settings()
    for name, group in list(vars(settings).items()):
        if not isinstance(group, BaseSettings):
            continue
        kind = type(group)
        variables = {field: variable_of(kind, field) for field in kind.model_fields}
        given = {field: values[variable] or None for field, variable in variables.items() if variable in values}
        cleared = {field: kind.model_fields[field].get_default() for field, value in given.items() if value is None}
        try:
            setattr(settings, name, kind(**{**given, **cleared}))
        except ValidationError as error:
            raise InvalidInputError(wrong_values(kind, error)[0][1]) from None
    return settings
