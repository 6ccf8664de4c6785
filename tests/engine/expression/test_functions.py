"""Functions: texts, conversions, timestamps and durations."""

import pytest

from engine.expression import Duration, Timestamp

from .orders import answer, failing, shown

DAY = "timestamp('2026-06-27T21:04:05.678Z')"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2, "size('日本')"),
        (2, "'日本'.size()"),
        (1, "size('😀')"),
        (2, "size([1, 2])"),
        (1, "{'a': 1}.size()"),
        (True, "'8471.30'.startsWith('8471')"),
        (True, "'8471.30'.endsWith('.30')"),
        (True, "'8471.30'.contains('71.3')"),
        (True, "'847130'.matches('^[0-9]{6,10}$')"),
        (False, "'84713'.matches('^[0-9]{6,10}$')"),
        (True, "matches('xyz', 'y')"),
        (True, r"'847130'.matches(r'\d{6}')"),
        (True, "'Ünïcode'.matches('^Ü.ï')"),
    ],
)
def test_texts(value: object, text: str) -> None:
    """Texts are counted and compared by code points; a pattern matches anywhere unless it is anchored."""
    assert value == answer(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "bool('true')"),
        (False, "bool('F')"),
        (42, "int('42')"),
        (-42, "int('-42')"),
        (3, "int(3.99)"),
        (-3, "int(-3.99)"),
        (1_782_594_245, f"int({DAY})"),
        (-1, "int(timestamp('1969-12-31T23:59:59.5Z'))"),
        (3.0, "double(3)"),
        (-1.5e-7, "double('-1.5e-7')"),
        ("42", "string(42)"),
        ("true", "string(true)"),
        ("2.5", "string(2.5)"),
        ("100", "string(100.0)"),
        ("1e+06", "string(1000000.0)"),
        ("1.5e-05", "string(0.000015)"),
        ("-0", "string(-0.0)"),
        ("x", "string('x')"),
        ("2026-06-27T21:04:05.678Z", f"string({DAY})"),
        ("-1.5s", "string(duration('-1500ms'))"),
        (Timestamp(5 * 10**9), "timestamp(5)"),
        (Timestamp(-1), "timestamp('1969-12-31T23:59:59.999999999Z')"),
        (Duration(3_723_004_005_006), "duration('1h2m3s4ms5us6ns')"),
        (Duration(500_000_000), "duration('.5s')"),
        (Duration(0), "duration('0')"),
    ],
)
def test_conversions(value: object, text: str) -> None:
    """A conversion keeps the value, or cuts the fraction where CEL says so."""
    given = answer(text)
    assert value == given
    assert type(value) is type(given)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("bad_bool", "bool('yes')"),
        ("bad_int", "int('4 2')"),
        ("bad_int", "int('0x10')"),
        ("bad_int", "int('')"),
        ("overflow", "int('9223372036854775808')"),
        ("overflow", "int(9.3e18)"),
        ("overflow", "int(9223372036854775807.0)"),
        ("overflow", "int(0.0 / 0.0)"),
        ("bad_double", "double('1_0')"),
        ("overflow", "double('1e999')"),
        ("overflow", "timestamp(253402300800)"),
        ("bad_pattern", "'x'.matches('(' + '')"),
        ("bad_time_zone", "timestamp(0).getHours('Mars/' + 'Olympus')"),
        ("bad_time_zone", "timestamp(0).getHours('../' + 'UTC')"),
        ("bad_time_zone", "timestamp(0).getHours('+25:' + '00')"),
    ],
)
def test_conversions_without_a_result(code: str, text: str) -> None:
    """What cannot be converted is an error."""
    assert failing(code) == answer(text)


@pytest.mark.parametrize(
    ("code", "token", "text"),
    [
        ("bad-timestamp", "'2026-06-27'", "timestamp('2026-06-27')"),
        ("bad-timestamp", "'2026-02-30T00:00:00Z'", "timestamp('2026-02-30T00:00:00Z')"),
        ("bad-timestamp", "'2026-06-27T24:00:00Z'", "timestamp('2026-06-27T24:00:00Z')"),
        ("bad-duration", "'5 days'", "duration('5 days')"),
        ("bad-duration", "'10000000h'", "duration('10000000h')"),
        ("bad-date", "'2026-02-30'", "date('2026-02-30')"),
        ("bad-date", "'27.06.2026'", "date('27.06.2026')"),
        ("bad-decimal", "'1,5'", "decimal('1,5')"),
        ("bad-money", "'USD 5'", "money('USD 5')"),
        ("bad-time-zone", "'Mars/Olympus'", "timestamp(0).getHours('Mars/Olympus')"),
        ("bad-time-zone", "'../UTC'", "date(timestamp(0), '../UTC')"),
        ("bad-time-zone", "''", "timestamp(0).getHours('')"),
        ("bad-pattern", "'[0-9'", "'x'.matches('[0-9')"),
        ("bad-pattern", "'(?=x)'", "'x'.matches('(?=x)')"),
        ("bad-pattern", r"r'(a)\1'", r"'x'.matches(r'(a)\1')"),
        ("bad-pattern", "'((a{1000}){1000}){1000}'", "'x'.matches('((a{1000}){1000}){1000}')"),
    ],
)
def test_values_and_patterns_written_out_are_tried_at_load(code: str, token: str, text: str) -> None:
    """A value or pattern that is written out is read when the expression is compiled."""
    assert [(code, token)] == [one[:2] for one in shown(text)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2026, f"{DAY}.getFullYear()"),
        (5, f"{DAY}.getMonth()"),
        (27, f"{DAY}.getDate()"),
        (26, f"{DAY}.getDayOfMonth()"),
        (6, f"{DAY}.getDayOfWeek()"),
        (177, f"{DAY}.getDayOfYear()"),
        (21, f"{DAY}.getHours()"),
        (4, f"{DAY}.getMinutes()"),
        (5, f"{DAY}.getSeconds()"),
        (678, f"{DAY}.getMilliseconds()"),
        (17, f"{DAY}.getHours('America/New_York')"),
        (28, f"{DAY}.getDate('Asia/Tokyo')"),
        (0, f"{DAY}.getDayOfWeek('Asia/Tokyo')"),
        (19, f"{DAY}.getHours('-01:30')"),
        (34, f"{DAY}.getMinutes('05:30')"),
        (678, f"{DAY}.getMilliseconds('Asia/Tokyo')"),
        (1, "duration('5430s').getHours()"),
        (90, "duration('5430s').getMinutes()"),
        (5430, "duration('5430s').getSeconds()"),
        (250, "duration('5430.25s').getMilliseconds()"),
        (-1, "duration('-5430s').getHours()"),
    ],
)
def test_clocks_and_calendars(value: object, text: str) -> None:
    """Parts of an instant are read in UTC or in a named zone; months and days of the year begin with 0."""
    assert value == answer(text)
