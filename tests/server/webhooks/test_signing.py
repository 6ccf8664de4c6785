"""Signatures: what order systems verify with a library, or by themselves; and secrets that are shown nowhere."""

from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from server.webhooks.signing import SecretUnusable, read_secrets, signed

OLD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NEW = "whsec_" + "B" * 43 + "="
BODY = b'{"test": 2432232314}'


def test_published_example() -> None:
    """The example that is published with the convention's libraries gets the signature that they give."""
    at = datetime.fromtimestamp(1614265330.9, UTC)
    expected = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    assert expected == signed(read_secrets(OLD), "msg_p5jXN8AQM9LWM0D4loKWxJek", at, BODY)


def test_two_secrets() -> None:
    """While one secret takes another's place, who knows either of them can verify."""
    headers = signed(read_secrets(f"{NEW}\n{OLD}\n"), "evt_1", datetime.now(UTC), BODY)
    assert [{"test": 2432232314}] * 2 == [Webhook(secret).verify(BODY, headers) for secret in (OLD, NEW)]


@pytest.mark.parametrize("part", ["webhook-id", "webhook-timestamp", "body"])
def test_changed(part: str) -> None:
    """With another id, time or body the signature does not hold."""
    now = datetime.now(UTC)
    headers = signed(read_secrets(NEW), "evt_1", now, BODY)
    changed = {"webhook-id": "evt_2", "webhook-timestamp": str(int(now.timestamp()) - 1)}
    headers |= {part: changed[part]} if part in changed else {}
    with pytest.raises(WebhookVerificationError, match="No matching signature"):
        Webhook(NEW).verify(BODY if part in changed else BODY + b" ", headers)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "it is empty"),
        (" \n", "it is empty"),
        ("hush", "a secret begins with 'whsec_'"),
        ("whsec_!!", "is no base64"),
        ("whsec_é", "is no base64"),
        ("whsec_aHVzaA==", "it has 4 bytes, and needs 24 to 64"),
        (NEW + " whsec_aHVzaA==", "it has 4 bytes"),
    ],
)
def test_unusable(text: str, words: str) -> None:
    """What is no secret is refused in words that do not show it."""
    with pytest.raises(SecretUnusable, match=words) as refused:
        read_secrets(text)
    assert "aHVzaA" not in str(refused.value)


def test_shown_nowhere() -> None:
    """A secret shows nothing of itself."""
    [secret] = read_secrets(NEW)
    assert {"Secret(...)"} == {repr(secret), str(secret), f"{secret}"}
    assert (secret, False) == (read_secrets(NEW)[0], secret == read_secrets(OLD)[0])
