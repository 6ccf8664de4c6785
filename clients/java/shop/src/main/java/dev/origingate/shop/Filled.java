package dev.origingate.shop;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Objects;

/** A form with answers filled in. */
final class Filled {
    private Filled() {}

    /** @throws Refused where a pointer leads nowhere in the form, or a value does not fit */
    static OrderForm in(OrderForm form, Map<String, JsonNode> answers) {
        JsonNode tree = Json.MAPPER.valueToTree(form);
        answers.forEach((where, value) -> fill(tree, where, value));
        OrderForm filled = Json.read(tree, OrderForm.class);
        if (!form.number().equals(filled.number()) || !Objects.equals(form.site(), filled.site())) {
            throw Refused.field("/number", "an order keeps its number and its site");
        }
        return filled;
    }

    private static void fill(JsonNode tree, String where, JsonNode value) {
        JsonPointer pointer = pointer(where);
        JsonNode parent = parent(tree, pointer.head());
        String last = pointer.last() == null ? "" : pointer.last().getMatchingProperty();
        int index = pointer.last() == null ? -1 : pointer.last().getMatchingIndex();
        if (parent instanceof ObjectNode object && value.isNull()) {
            object.remove(last);
        } else if (parent instanceof ObjectNode object) {
            object.set(last, value);
        } else if (parent instanceof ArrayNode array && index >= 0 && index < array.size()) {
            array.set(index, value);
        } else {
            throw Refused.field(where, "the form has no such field");
        }
    }

    /** The object in which a field stands; one that was left out is begun, as "origin" where nothing was declared. */
    private static JsonNode parent(JsonNode tree, JsonPointer pointer) {
        if (pointer == null || pointer.matches()) {
            return tree;
        }
        JsonNode found = tree.at(pointer);
        if (found.isMissingNode() && parent(tree, pointer.head()) instanceof ObjectNode outer) {
            return outer.putObject(pointer.last().getMatchingProperty());
        }
        return found;
    }

    private static JsonPointer pointer(String where) {
        try {
            return JsonPointer.compile(where);
        } catch (IllegalArgumentException none) {
            throw Refused.field(where, "a field is named by its pointer, as /destination or /lines/0/hsCode");
        }
    }
}
