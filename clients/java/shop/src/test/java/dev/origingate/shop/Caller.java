package dev.origingate.shop;

import com.fasterxml.jackson.databind.JsonNode;
import dev.origingate.live.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The shop's front end, as far as tests need one. */
final class Caller {
    private final HttpClient http = HttpClient.newHttpClient();
    private final String url;

    Caller(int port) {
        url = "http://127.0.0.1:" + port;
    }

    /** What the shop answered. */
    record Reply(int status, JsonNode body) {
        String state() {
            return body.path("state").asText();
        }

        String eCertId() {
            return body.path("eCertId").asText();
        }

        List<String> facts() {
            return body.findValuesAsText("fact");
        }

        List<String> rulebooks() {
            return Json.MAPPER.convertValue(body.path("rulebooks"), Json.MAPPER.getTypeFactory()
                    .constructCollectionType(List.class, String.class));
        }
    }

    /** The order of the examples under another number. */
    static String eligible(String number) {
        try {
            return Files.readString(Command.REPOSITORY.resolve("clients/java/shop/examples/order.json"))
                    .replace("AN-1001", number);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    Reply place(String order, String... headers) {
        HttpRequest.Builder request = to("/orders");
        return send((headers.length == 0 ? request : request.headers(headers)).POST(BodyPublishers.ofString(order)));
    }

    Reply get(String number) {
        return send(to("/orders/" + number).GET());
    }

    Reply answer(String number, String answers) {
        return send(to("/orders/" + number + "/answers").POST(BodyPublishers.ofString(answers)));
    }

    Reply receipt(String number) {
        return send(to("/orders/" + number + "/receipt").GET());
    }

    Reply hook(String body, String... headers) {
        return send(to("/hooks/origin-gate").headers(headers).POST(BodyPublishers.ofString(body)));
    }

    /** The order once it is not PENDING any more. */
    Reply settled(String number) {
        await(() -> !get(number).state().equals("PENDING"));
        return get(number);
    }

    /** Whether the shop can be reached and serves. */
    boolean serves() {
        try {
            return http.send(to("/health").GET().build(), BodyHandlers.ofString()).statusCode() == 200;
        } catch (IOException away) {
            return false;
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    static void await(BooleanSupplier condition) {
        await(Command.PATIENCE, condition);
    }

    static void await(Duration patience, BooleanSupplier condition) {
        long late = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > late) {
                throw new AssertionError("it did not happen within " + patience.toSeconds() + " s");
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(url + path));
    }

    private Reply send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            return new Reply(answer.statusCode(), Json.MAPPER.readTree(answer.body()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
