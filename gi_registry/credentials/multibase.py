"""Base58btc and base64url as multibase, and Ed25519 keys as Multikey (W3C Controlled Identifiers 1.0, 2.2.2 and 2.4). Pure."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519 = b"\xed\x01"


def base58(data: bytes) -> str:
    """``z`` and the digits; zeros in front are kept."""
    number, digits = int.from_bytes(data, "big"), ""
    while number:
        number, place = divmod(number, 58)
        digits = ALPHABET[place] + digits
    return "z" + ALPHABET[0] * (len(data) - len(data.lstrip(b"\0"))) + digits


def of_base58(text: str) -> bytes:
    """ValueError for what is none."""
    if not text.startswith("z") or not set(text[1:]) <= set(ALPHABET):
        raise ValueError("not base58btc")
    digits, number = text[1:], 0
    for digit in digits:
        number = number * 58 + ALPHABET.index(digit)
    zeros = len(digits) - len(digits.lstrip(ALPHABET[0]))
    return bytes(zeros) + number.to_bytes(-(-number.bit_length() // 8), "big")


def base64url(data: bytes) -> str:
    """``u`` and the digits, without padding."""
    return "u" + urlsafe_b64encode(data).decode().rstrip("=")


def of_base64url(text: str) -> bytes:
    """ValueError for what is none."""
    if not text.startswith("u"):
        raise ValueError("not base64url")
    return urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4))


def multikey(public: bytes) -> str:
    """Of the 32 bytes of an Ed25519 public key."""
    return base58(ED25519 + public)
