package dev.origingate.shop;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.util.List;
import java.util.stream.Collectors;

/** JSON as the shop reads and writes it: strictly, with days as "2026-07-15" and numbers without a detour over floats. */
final class Json {
    static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private static final String NOT_EXPECTED = "The body is not the JSON that is expected here.";

    private Json() {}

    /** @throws Refused where the text is no such thing, with the place in it */
    static <T> T read(String text, Class<T> type) {
        try {
            T read = MAPPER.readValue(text, type);
            if (read == null) {
                throw new Refused(400, NOT_EXPECTED, List.of());
            }
            return read;
        } catch (JsonProcessingException unreadable) {
            throw refused(unreadable);
        }
    }

    /** As {@link #read(String, Class)}, of what was read already. */
    static <T> T read(JsonNode tree, Class<T> type) {
        try {
            return MAPPER.treeToValue(tree, type);
        } catch (JsonProcessingException unreadable) {
            throw refused(unreadable);
        }
    }

    static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a value of the shop cannot be written as JSON", impossible);
        }
    }

    /** Jackson's own words name classes; the place in the form is what its sender can use. */
    private static Refused refused(JsonProcessingException unreadable) {
        if (unreadable instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
            String place = mapping.getPath().stream()
                    .map(step -> step.getFieldName() == null ? "/" + step.getIndex() : "/" + step.getFieldName())
                    .collect(Collectors.joining());
            boolean unknown = unreadable instanceof UnrecognizedPropertyException;
            return Refused.field(place, unknown ? "the form has no such field" : "the value is not of this field's kind");
        }
        return new Refused(400, NOT_EXPECTED, List.of());
    }
}
