package dev.origingate.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.type.Date;
import com.google.type.Money;
import java.math.BigDecimal;
import java.time.LocalDate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WireTest {
    @ParameterizedTest
    @DisplayName("An amount keeps every digit on its way to the wire and back; only superfluous zeros go.")
    @CsvSource({
        "0, 0",
        "-0.00, 0",
        "2500.00, 2500",
        "2500.01, 2500.01",
        "0.1, 0.1",
        "-0.5, -0.5",
        "-12.000000001, -12.000000001",
        "9223372036854775807.999999999, 9223372036854775807.999999999",
        "-9223372036854775808.999999999, -9223372036854775808.999999999",
        "1E+3, 1000",
        "0.1000000000000, 0.1",
    })
    void moneyIsExact(BigDecimal amount, String expected) {
        assertEquals(expected, Wire.amount(Wire.money(amount, "USD")).toString());
    }

    @ParameterizedTest
    @DisplayName("What the wire cannot hold exactly is refused with a sentence that says why.")
    @CsvSource({
        "0.1234567891, 0.1234567891 has more than 9 digits after the point",
        "1E-999999999, 1E-999999999 has more than 9 digits after the point",
        "9223372036854775808, 9223372036854775808 is too large an amount",
        "1E+999999999, 1E+999999999 is too large an amount",
    })
    void moneyRefused(BigDecimal amount, String expected) {
        assertEquals(expected, refusal(() -> Wire.money(amount, "USD")));
    }

    @Test
    @DisplayName("A currency is three capital letters.")
    void currencyRefused() {
        assertEquals(
                "\"usd\" is not a currency code of three capital letters, such as USD",
                refusal(() -> Wire.money(BigDecimal.ONE, "usd")));
    }

    @ParameterizedTest
    @DisplayName("A value whose units and nanos contradict each other has no amount.")
    @CsvSource({"1, -1", "-1, 1", "0, 1000000000", "0, -2147483648"})
    void amountRefused(long units, int nanos) {
        Money contradictory = Money.newBuilder().setUnits(units).setNanos(nanos).build();
        assertEquals("units and nanos do not make one amount", refusal(() -> Wire.amount(contradictory)));
    }

    @Test
    @DisplayName("A civil day comes back as the same day.")
    void dateComesBack() {
        LocalDate day = LocalDate.of(2028, 2, 29);
        assertEquals(day, Wire.localDate(Wire.date(day)));
    }

    @Test
    @DisplayName("A day that the calendar lacks is refused.")
    void noSuchDay() {
        Date none = Date.newBuilder().setYear(2026).setMonth(2).setDay(30).build();
        assertEquals("there is no such day: Invalid date 'FEBRUARY 30'", refusal(() -> Wire.localDate(none)));
    }

    private static String refusal(Runnable conversion) {
        return assertThrows(IllegalArgumentException.class, conversion::run).getMessage();
    }
}
