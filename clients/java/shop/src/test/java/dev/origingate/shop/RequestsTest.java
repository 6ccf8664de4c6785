package dev.origingate.shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.origingate.client.Wire;
import dev.origingate.shop.Refused.Field;
import dev.origingate.v1.Order;
import dev.origingate.v1.OrderLine;
import dev.origingate.v1.OrderLines;
import java.io.IOException;
import java.math.BigDecimal;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RequestsTest {
    @ParameterizedTest
    @EnumSource(Demo.class)
    @DisplayName("Every order of the examples can be said in the shop's form, and is the same request then.")
    void same(Demo order) throws IOException {
        assertEquals(
                order.request().toBuilder().setRequestId("request-1").build(),
                Requests.of("request-1", order.form().at("aceros-shop")));
    }

    @Test
    @DisplayName("What is left out is not given, and a number is the same however it is written.")
    void leftOut() {
        OrderForm form = form("{'number': 'A-1', 'lines': [{'id': '1', 'quantity': 40.0}]}");
        assertEquals(form("{'number': 'A-1', 'lines': [{'id': '1', 'quantity': 4e1}]}"), form);
        assertEquals(
                Order.newBuilder()
                        .setOrderId("A-1")
                        .setLines(OrderLines.newBuilder()
                                .addItems(OrderLine.newBuilder()
                                        .setLineId("1")
                                        .setQuantity(Wire.decimal(new BigDecimal("40")))))
                        .build(),
                Requests.of("request-1", form).getOrder());
    }

    @Test
    @DisplayName("A word that the contract lacks, and an amount that it cannot say, are named by their place.")
    void unsayable() {
        assertEquals("/claim/kind", whereOf("{'number': 'A-1', 'claim': {'kind': 'LATER'}}"));
        assertEquals("/origin/importer/as", whereOf("{'number': 'A-1', 'origin': {'importer': {'as': 'SOMEBODY'}}}"));
        assertEquals("/originatingValue",
                whereOf("{'number': 'A-1', 'originatingValue': {'amount': 1e999999999, 'currency': 'USD'}}"));
        assertEquals("/lines", whereOf("{'number': 'A-1', 'lines': [{'id': '1', 'value': {'amount': 1}}]}"));
    }

    private static String whereOf(String text) {
        Refused refused =
                assertThrows(Refused.class, () -> Requests.of("request-1", form(text)));
        return refused.fields().stream().map(Field::where).reduce("", String::concat);
    }

    private static OrderForm form(String text) {
        return Json.read(text.replace('\'', '"'), OrderForm.class);
    }
}
