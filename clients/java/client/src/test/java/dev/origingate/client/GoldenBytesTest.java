package dev.origingate.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.origingate.live.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The golden bytes of every message of the contract, as Python wrote them. */
final class GoldenBytesTest {
    private static final Path GOLDEN = Command.REPOSITORY.resolve("tests/wire/contract.golden.jsonl");

    private record Golden(String message, String octets, JsonObject json) {}

    @Test
    @DisplayName("Every message of the contract is read and written here as in Python and Go.")
    void everyMessage() throws Exception {
        List<String> lines = Files.readAllLines(GOLDEN);
        assertTrue(lines.size() > 100, () -> lines.size() + " messages");
        for (String line : lines) {
            Golden golden = new Gson().fromJson(line, Golden.class);
            byte[] octets = Base64.getDecoder().decode(golden.octets());
            Message none = empty(golden.message());
            Message read = none.getParserForType().parseFrom(octets);
            Message.Builder said = none.newBuilderForType();
            JsonFormat.parser().merge(golden.json().toString(), said);
            assertEquals(read, said.build(), golden.message());
            assertArrayEquals(octets, said.build().toByteArray(), golden.message());
        }
    }

    private static Message empty(String name) throws ReflectiveOperationException {
        Class<?> kind = Class.forName("dev." + name);
        return (Message) kind.getMethod("getDefaultInstance").invoke(null);
    }
}
