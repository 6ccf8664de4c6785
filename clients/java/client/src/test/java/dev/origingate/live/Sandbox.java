package dev.origingate.live;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.annotations.SerializedName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** `origingate sandbox` in a process of its own, which outlives the servers that ask it. */
public final class Sandbox implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("Sandbox platform at (http://[0-9.:]+)");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Command command;
    private final String url;

    private Sandbox(Command command, String url) {
        this.command = command;
        this.url = url.endsWith(".") ? url.substring(0, url.length() - 1) : url;
    }

    /** One submission, and what became of it. */
    public record Entry(
            String reference, String digest, String state, @SerializedName("e_cert_id") String eCertId, String status) {
        /** Whether a certificate of it is in force. */
        public boolean isActive() {
            return "active".equals(status);
        }
    }

    private record Ledger(List<Entry> entries) {}

    public static Sandbox start(Path folder) {
        Command command = Command.begin(
                Command.origingateWords("sandbox", "--listen", "127.0.0.1:0"),
                Map.of("PYTHONUNBUFFERED", "1"),
                folder.resolve("sandbox.log"));
        return new Sandbox(command, command.await(() -> {
            Matcher address = ADDRESS.matcher(command.log());
            return address.find() ? address.group(1) : null;
        }));
    }

    /** Its address. */
    public String url() {
        return url;
    }

    /** Has something go wrong, as JSON says: {"fault": "drop_reply"}. */
    public void fault(String json) {
        post("/faults", json);
    }

    /** Has nothing go wrong any more. */
    public void mend() {
        send(HttpRequest.newBuilder(URI.create(url + "/faults")).DELETE());
    }

    /** How many requests of an operation have come, e.g. "submit". */
    public int arrived(String operation) {
        JsonElement count = new Gson()
                .fromJson(send(HttpRequest.newBuilder(URI.create(url + "/arrived"))), JsonObject.class)
                .get(operation);
        return count == null ? 0 : count.getAsInt();
    }

    /** Takes a certificate out of force. */
    public void revoke(String eCertId) {
        post("/revoke", new Gson().toJson(Map.of("e_cert_id", eCertId)));
    }

    /** Every submission that it took. */
    public List<Entry> ledger() {
        return new Gson().fromJson(send(HttpRequest.newBuilder(URI.create(url + "/ledger"))), Ledger.class).entries();
    }

    @Override
    public void close() {
        command.stop();
    }

    private void post(String path, String json) {
        send(HttpRequest.newBuilder(URI.create(url + path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json)));
    }

    private String send(HttpRequest.Builder request) {
        try {
            var answer = http.send(request.build(), BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new AssertionError("the sandbox answered " + answer.statusCode() + ": " + answer.body());
            }
            return answer.body();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
