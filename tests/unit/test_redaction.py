"""Secrets of the environment do not survive in a text that is kept."""

from __future__ import annotations

import pytest

from pipelines.errors import OutturnError, sentence_of
from pipelines.redaction import HIDDEN, redacted

ENVIRONMENT = {
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG",
    "OUTTURN_ALERTS": "mailto://robot:hunter2hunter2@mail.example, tgram://123:abcdefghij",
    "SOME_DATABASE": "postgresql://outturn:opensesame@db/outturn",
    "OUTTURN_BASE_CURRENCY": "EUR",
    "API_TOKEN": "yes",
}


@pytest.mark.parametrize("secret", ["wJalrXUtnFEMI/K7MDENG", "hunter2hunter2", "tgram://123:abcdefghij", "opensesame"])
def test_a_secret_of_the_environment_is_hidden(secret):
    text = redacted(f"request of {secret}?x=1 failed", environment=ENVIRONMENT)
    assert secret not in text
    assert HIDDEN in text


def test_what_is_no_secret_stays():
    text = "revenue in EUR, yes, at https://host/path and ssh://user@host/path"
    assert redacted(text, environment=ENVIRONMENT) == text


def test_the_password_of_any_address_is_hidden():
    assert redacted("at https://me:whatever@host/x", environment={}) == f"at https://me:{HIDDEN}@host/x"


def test_errors_are_told_without_them(monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG")
    assert "wJalr" not in OutturnError("no", value="wJalrXUtnFEMI/K7MDENG").sentence()
    assert "wJalr" not in str(OutturnError("no", value="wJalrXUtnFEMI/K7MDENG"))
    assert sentence_of(ValueError("wJalrXUtnFEMI/K7MDENG\n  again")) == f"ValueError: {HIDDEN} again"
