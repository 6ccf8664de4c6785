"""Whether a blanket certificate covers an order: its goods, its period, and what is left of its quantities.

A blanket certification is for several shipments of identical goods within its period (19 CFR 182.1, 182.12(g)(2)). A
line is a good of it where the HS classification agrees to as many digits as the good states, and the descriptions are the
same but for case and spaces; or where the caller names the good, and the HS agrees. What is not known is never taken for
agreement: then the coverage is undetermined, and says which facts are missing. One more fact never changes a coverage that
is determined.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from engine.goods_match import Agreement, Differs, Matches, Unclear, agreement

Facts = Mapping[str, Any]

BLANKET: Final = "BLANKET"


@dataclass(frozen=True, slots=True)
class Balance:
    """What was drawn of a good so far, in the good's unit; None where it is not known."""

    drawn: Decimal | None


@dataclass(frozen=True, slots=True)
class Draw:
    """What an order draws of a good by one of its lines. `quantity` and `unit` are as the line states them."""

    line_id: str
    good_id: str
    quantity: Decimal | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing of the order that the certificate does not cover, in words for people.

    `left` is what is left of the good, in `unit`, where an overdraw is the reason.
    """

    because: str
    line_id: str = ""
    good_id: str = ""
    left: Decimal | None = None
    unit: str = ""

    def __str__(self) -> str:
        return self.because


@dataclass(frozen=True, slots=True)
class Covers:
    """The certificate covers the order, which draws so much of its goods."""

    draws: tuple[Draw, ...]


@dataclass(frozen=True, slots=True)
class Falls:
    """The certificate certainly does not cover the order: the gaps, by line and then by good."""

    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Open:
    """Whether it covers the order depends on facts that are missing: their paths, sorted."""

    missing: tuple[str, ...]


Coverage = Covers | Falls | Open


def is_blanket(declaration: Facts) -> bool:
    """Whether a declaration is stated to be for several shipments."""
    return declaration.get("coverage") == BLANKET


def lines_by_good(
    declaration: Facts, order: Facts, named: Mapping[str, str] | None = None
) -> Mapping[str, tuple[str, ...]]:
    """The lines that each good of the declaration certainly stands for, by good; a good without any has none."""
    found = _matched(declaration, order, named or {})
    return {
        good["good_id"]: tuple(
            line["line_id"]
            for _, line, outcome in found
            if isinstance(outcome, Matches) and outcome.good["good_id"] == good["good_id"]
        )
        for good in _goods(declaration)
    }


def coverage(
    declaration: Facts,
    order: Facts,
    balances: Mapping[str, Balance],
    named: Mapping[str, str] | None = None,
) -> Coverage:
    """Whether the declaration of a blanket certificate covers an order.

    `balances` say by good what was drawn already; a good that is not among them was not drawn on. `named` are the goods that
    the caller names for lines, by line. Only lines that claim the preference need to be covered, and one at least has to.
    """
    gaps: list[Gap] = []
    missing: list[str] = []
    if declaration.get("coverage") is None:
        missing.append("declaration.coverage")
    elif not is_blanket(declaration):
        gaps.append(Gap("the certificate is for a single shipment, and covers no other order"))
    _weigh_period(declaration, order, gaps, missing)
    draws: list[Draw] = []
    claimed = 0
    for place, line, outcome in _matched(declaration, order, named or {}):
        claims = line.get("claims_preference", ...)
        if claims is ...:
            missing.append(f"{place}.claims_preference")
            continue
        if not claims:
            continue
        claimed += 1
        match outcome:
            case Differs(because=because):
                gaps.append(Gap(f"line {line['line_id']}: {because}", line_id=line["line_id"]))
            case Unclear(missing=paths):
                missing.extend(paths)
            case Matches(good=good):
                draws.append(Draw(line["line_id"], good["good_id"], line.get("quantity"), line.get("unit")))
    if order.get("lines") is None:
        missing.append("order.lines")
    elif declaration.get("goods") is None:
        missing.append("declaration.goods")
    elif not claimed and not any(path.endswith(".claims_preference") for path in missing):
        gaps.append(Gap("no line of the order claims the preference, so that there is nothing to cover"))
    _weigh_quantities(declaration, order, draws, balances, gaps, missing)
    if gaps:
        return Falls(tuple(gaps))
    return Open(tuple(sorted(set(missing)))) if missing else Covers(tuple(draws))


def own_draws(declaration: Facts, order: Facts) -> tuple[Draw, ...]:
    """What the order draws that the blanket certificate was issued with: its lines, as the goods name them.

    A line that several goods name has no quantity that could be told apart: each draws an unknown one.
    """
    lines = {line["line_id"]: line for line in order.get("lines") or ()}
    naming = [(good, line_id) for good in _goods(declaration) for line_id in good.get("line_ids") or ()]
    often = [line_id for _, line_id in naming]
    return tuple(
        Draw(
            line_id,
            good["good_id"],
            lines[line_id].get("quantity") if often.count(line_id) == 1 else None,
            lines[line_id].get("unit"),
        )
        for good, line_id in naming
        if line_id in lines and lines[line_id].get("claims_preference") is not False
    )


def own_coverage(declaration: Facts, order: Facts) -> Coverage:
    """Whether the certificate covers the order that it was issued with: it certifies its lines, so only quantities count."""
    draws, gaps, missing = list(own_draws(declaration, order)), list[Gap](), list[str]()
    if is_blanket(declaration):
        _weigh_quantities(declaration, order, draws, {}, gaps, missing)
    if gaps:
        return Falls(tuple(gaps))
    return Open(tuple(sorted(set(missing)))) if missing else Covers(tuple(draws))


def drawn(draws: Iterable[Draw], unit: str | None) -> Decimal | None:
    """How much draws are together in a unit; None where one of them is not known, or stated in another unit."""
    total = Decimal(0)
    for draw in draws:
        if draw.quantity is None or unit is None or draw.unit != unit:
            return None
        total += draw.quantity
    return total


def _goods(declaration: Facts) -> Sequence[Facts]:
    return declaration.get("goods") or ()


def _matched(
    declaration: Facts, order: Facts, named: Mapping[str, str]
) -> list[tuple[str, Facts, Agreement]]:
    """Each line with its path and the good that it is; none while the goods are not known."""
    goods = declaration.get("goods")
    if goods is None:
        return []
    return [
        (place, line, agreement(place, line, goods, named.get(line["line_id"])))
        for position, line in enumerate(order.get("lines") or ())
        for place in [f"order.lines[{position}]"]
    ]


def _weigh_period(declaration: Facts, order: Facts, gaps: list[Gap], missing: list[str]) -> None:
    period = declaration.get("blanket_period") or {}
    first, last, day = period.get("first_day"), period.get("last_day"), order.get("import_date")
    if day is None:
        missing.append("order.import_date")
        return
    if (first is not None and day < first) or (last is not None and day > last):
        began, ends = first or "a day that is not given", last or "a day that is not given"
        gaps.append(Gap(f"the importation on {day} is outside the blanket period from {began} to {ends}"))
        return
    missing.extend(
        f"declaration.blanket_period.{name}"
        for name, bound in (("first_day", first), ("last_day", last))
        if bound is None
    )


def _weigh_quantities(
    declaration: Facts,
    order: Facts,
    draws: Sequence[Draw],
    balances: Mapping[str, Balance],
    gaps: list[Gap],
    missing: list[str],
) -> None:
    places = {line["line_id"]: f"order.lines[{place}]" for place, line in enumerate(order.get("lines") or ())}
    for place, good in enumerate(_goods(declaration)):
        limit, unit = good.get("quantity"), good.get("unit")
        wanted = [draw for draw in draws if draw.good_id == good["good_id"]]
        # A certification that states no quantity limits none: its period is the limit that the law asks for.
        if limit is None or not wanted:
            continue
        if unit is None:
            missing.append(f"declaration.goods[{place}].unit")
            continue
        had = balances.get(good["good_id"], Balance(Decimal(0))).drawn
        stated = [draw for draw in wanted if draw.quantity is not None and draw.unit == unit]
        known = drawn(stated, unit) or Decimal(0)
        left = limit - (had if had is not None else Decimal(0))
        if known > left:
            gaps.append(_overdrawn(good["good_id"], stated, known, left, limit, unit, exact=had is not None))
            continue
        if had is None:
            missing.append(f"what was drawn of declaration.goods[{place}]")
        missing.extend(f"{places[draw.line_id]}.quantity in {unit}" for draw in wanted if draw not in stated)


def _overdrawn(
    good_id: str,
    draws: Sequence[Draw],
    known: Decimal,
    left: Decimal,
    limit: Decimal,
    unit: str,
    *,
    exact: bool,
) -> Gap:
    lines = ", ".join(draw.line_id for draw in draws)
    most = "" if exact else "at most "
    return Gap(
        f"good {good_id}: line{'s' if len(draws) > 1 else ''} {lines} would draw {plain(known)} {unit},"
        f" and {most}{plain(max(left, Decimal(0)))} {unit} of {plain(limit)} {unit} are left",
        line_id=draws[0].line_id if len(draws) == 1 else "",
        good_id=good_id,
        left=max(left, Decimal(0)),
        unit=unit,
    )


def plain(amount: Decimal) -> str:
    """A quantity without an exponent and without zeros that say nothing."""
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
