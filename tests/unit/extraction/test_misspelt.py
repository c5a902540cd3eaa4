"""A slip in a name makes nothing public, and a field of another tool is no slip."""

import pytest

from insta_voice.errors import InvalidInputError
from insta_voice.extraction.misspelt import check_names


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("audiance", "audience"),
        ("audeince", "audience"),
        ("audiences", "audience"),
        ("Audience", "audience"),
        ("audienc", "audience"),
        ("audiencia", "audience"),
        ("valid_form", "valid_from"),
        ("validFrom", "valid_from"),
        ("valid_til", "valid_until"),
        ("valid_till", "valid_until"),
        ("valid-until", "valid_until"),
        ("valid_untill", "valid_until"),
        ("valid_to", "valid_until"),
        ("validThrough", "valid_until"),
    ],
)
def test_a_name_that_is_nearly_a_limiting_fields_is_refused(name: str, meant: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_names({"title": 1, name: 2})
    assert refused.value.message == f"There is no field {name}. Did you mean {meant}?"
    check_names({name: 1, meant: 2})  # another tool's, beside ours


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("audience\0", "audience?"),
        ("audience\ud800", "audience?"),
        ("audience\x1b", "audience?"),
        ("audience\n", "audience?"),
        ("audience" + "_" * 1_000_000, "audience" + "_" * 32),
    ],
    ids=["NUL", "half a character", "escape", "a line", "a megabyte"],
)
def test_a_name_is_shown_as_far_as_it_can_be(name: str, shown: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_names([name])
    assert refused.value.message == f"There is no field {shown}. Did you mean audience?"


def test_fields_of_other_tools_are_passed_over() -> None:
    ours = "id title text url audience labels language updated product valid_from valid_until"
    others = (
        "aliases audio audit author authors categories created_at date description draft evidence expiryDate keywords"
        " label lables lang lastmod layout locale paid_from paid_until permalink published publishDate"
        " sidebar_position slug summary tags target_audience type updated_at uuid valid valid_for validated"
        " validated_from validated_until validation validator validity version void_until weight"
    )
    check_names(ours.split())
    check_names(others.split())
    check_names([""])
