package dev.origingate.shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FilledTest {
    private static final OrderForm FORM =
            Json.read("{\"number\": \"A-1\", \"destination\": \"CA\", \"lines\": [{\"id\": \"1\"}]}", OrderForm.class);

    @Test
    @DisplayName("An answer takes its place, also in a line, and where what it stands in was left out; null takes a field out.")
    void filled() {
        OrderForm filled = Filled.in(FORM, Map.of(
                "/lines/0/claimsPreference", BooleanNode.TRUE,
                "/origin/signed", BooleanNode.TRUE,
                "/destination", NullNode.instance));
        assertEquals(true, filled.lines().get(0).claimsPreference());
        assertEquals(true, filled.origin().signed());
        assertNull(filled.destination());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "destination", "/nothing", "/lines/7/hsCode", "/lines/-", "/destination/x", "/importDate", "/number"})
    @DisplayName("What leads nowhere in the form, or does not fit there, is refused.")
    void refused(String where) {
        Map<String, JsonNode> answers = Map.of(where, TextNode.valueOf("anything"));
        assertEquals(422, assertThrows(Refused.class, () -> Filled.in(FORM, answers)).status());
    }
}
