"""No secret of a configuration gets into the store."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from console.engine.redaction import REDACTED, redacted


def test_fields_that_name_a_secret_lose_their_text() -> None:
    env = {"OPENAI_API_KEY": "sk-1", "apiKey": "sk-2", "Authorization": "Bearer x", "HOME": "/home/a"}
    expected = {"OPENAI_API_KEY": REDACTED, "apiKey": REDACTED, "Authorization": REDACTED, "HOME": "/home/a"}
    assert redacted(env) == expected


def test_json_within_text_is_looked_into() -> None:
    providers = json.dumps({"p": {"apiKey": "sk-1", "baseUrl": "http://127.0.0.1:1/v1"}})
    kept = json.loads(redacted({"env": {"PAPERCLIP_PI_PROVIDERS": providers}})["env"]["PAPERCLIP_PI_PROVIDERS"])
    assert kept == {"p": {"apiKey": REDACTED, "baseUrl": "http://127.0.0.1:1/v1"}}


def test_the_value_behind_an_option_is_a_secret_too() -> None:
    assert redacted(["pi", "--api-key", "sk-1", "--model", "m"]) == ["pi", "--api-key", REDACTED, "--model", "m"]


def test_numbers_and_counts_of_tokens_stay() -> None:
    assert redacted({"inputTokens": 3, "maxTokens": "many", "empty_key": ""}) == {
        "inputTokens": 3,
        "maxTokens": "many",
        "empty_key": "",
    }


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(json_values)
def test_redacting_twice_changes_nothing_more(value: object) -> None:
    assert redacted(redacted(value)) == redacted(value)


@given(st.text(min_size=12, alphabet="abcdef0123456789"))
def test_no_secret_survives_in_the_stored_text(secret: str) -> None:
    stored = json.dumps(redacted({"a": [{"deep": {"client_secret": secret}}], "b": json.dumps({"apiKey": secret})}))
    assert secret not in stored
