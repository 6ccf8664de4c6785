"""Country and currency codes, from the bundled reference data (ISO 3166-1, ISO 4217)."""

from __future__ import annotations

from functools import cache
from hashlib import sha256

import iso3166
import iso4217

from engine.expression.types import EnumType


@cache
def country_type() -> EnumType:
    """The type of ISO 3166-1 alpha-2 country codes."""
    return EnumType("country", tuple(sorted(iso3166.countries_by_alpha2)))


@cache
def currency_type() -> EnumType:
    """The type of ISO 4217 currency codes."""
    return EnumType("currency", tuple(sorted(currency.code for currency in iso4217.Currency)))


@cache
def reference_data() -> str:
    """Names the reference data that answers were made with: its lists and a digest of what they hold."""
    held = [f"{kind.name}:{','.join(kind.values)}" for kind in (country_type(), currency_type())]
    published = iso4217.__published__.isoformat()
    return f"ISO 3166-1, ISO 4217 of {published}, sha256:{sha256(';'.join(held).encode()).hexdigest()[:16]}"
