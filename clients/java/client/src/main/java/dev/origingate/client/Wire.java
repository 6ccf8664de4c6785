package dev.origingate.client;

import com.google.type.Date;
import com.google.type.Decimal;
import com.google.type.Money;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;

/** How Java's own values stand on the wire. There is no way through a float, in which 0.1 is not 0.1. */
public final class Wire {
    private static final int NANOS_DIGITS = 9;

    private Wire() {}

    /**
     * An exact amount.
     *
     * @param currency three capital letters, e.g. "USD"; whether it exists is for the server to say
     * @throws IllegalArgumentException where the amount has more than nine digits after the point or is beyond 64 bits, or
     *     the currency is not three capital letters
     */
    public static Money money(BigDecimal amount, String currency) {
        if (!currency.matches("[A-Z]{3}")) {
            throw new IllegalArgumentException(
                    "\"" + currency + "\" is not a currency code of three capital letters, such as USD");
        }
        // Asked before the digits are laid out: 1e999999999 is a small object and an endless text.
        if (amount.precision() - amount.scale() > 19) {
            throw new IllegalArgumentException(amount + " is too large an amount");
        }
        if (amount.stripTrailingZeros().scale() > NANOS_DIGITS) {
            throw new IllegalArgumentException(amount + " has more than " + NANOS_DIGITS + " digits after the point");
        }
        BigDecimal units = new BigDecimal(amount.toBigInteger());
        try {
            return Money.newBuilder()
                    .setCurrencyCode(currency)
                    .setUnits(units.longValueExact())
                    .setNanos(amount.subtract(units).movePointRight(NANOS_DIGITS).intValueExact())
                    .build();
        } catch (ArithmeticException beyond) {
            throw new IllegalArgumentException(amount + " is too large an amount", beyond);
        }
    }

    /**
     * The exact amount of a value, without superfluous zeros.
     *
     * @throws IllegalArgumentException where units and nanos have different signs or nanos are a whole unit or more, which
     *     google.type.Money does not allow
     */
    public static BigDecimal amount(Money value) {
        BigDecimal units = BigDecimal.valueOf(value.getUnits());
        BigDecimal nanos = BigDecimal.valueOf(value.getNanos(), NANOS_DIGITS);
        if (units.signum() * nanos.signum() < 0 || nanos.abs().compareTo(BigDecimal.ONE) >= 0) {
            throw new IllegalArgumentException("units and nanos do not make one amount");
        }
        BigDecimal sum = units.add(nanos).stripTrailingZeros();
        return sum.scale() < 0 ? sum.setScale(0) : sum;
    }

    /** An exact number, such as a quantity or a percentage. */
    public static Decimal decimal(BigDecimal value) {
        return Decimal.newBuilder().setValue(value.toString()).build();
    }

    /** A civil day. */
    public static Date date(LocalDate day) {
        return Date.newBuilder()
                .setYear(day.getYear())
                .setMonth(day.getMonthValue())
                .setDay(day.getDayOfMonth())
                .build();
    }

    /**
     * The civil day of a value.
     *
     * @throws IllegalArgumentException where the calendar has no such day, or a part of it is not given
     */
    public static LocalDate localDate(Date value) {
        try {
            return LocalDate.of(value.getYear(), value.getMonth(), value.getDay());
        } catch (DateTimeException none) {
            throw new IllegalArgumentException("there is no such day: " + none.getMessage(), none);
        }
    }
}
