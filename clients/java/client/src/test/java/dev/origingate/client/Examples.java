package dev.origingate.client;

import com.google.gson.Gson;
import com.google.gson.annotations.SerializedName;
import com.google.gson.reflect.TypeToken;
import com.google.protobuf.util.JsonFormat;
import dev.origingate.live.Command;
import dev.origingate.v1.ProcessOrderRequest;
import dev.origingate.v1.ProcessOrderResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/** The orders of examples/, and the answers that are written down for them. */
final class Examples {
    static final Path FOLDER = Command.REPOSITORY.resolve("examples");

    private Examples() {}

    /** What examples/expected.json says about an order. */
    record Answer(
            String scope,
            String certification,
            String prereview,
            String favourable,
            @SerializedName("e_cert_id") boolean eCertId,
            List<String> missing) {
        static Answer of(ProcessOrderResponse response) {
            return new Answer(
                    response.getScope().getOutcome(),
                    response.getCertification().getOutcome(),
                    response.getPrereview().getOutcome(),
                    response.getPrereview().getFavourable().name().replace("FAVOURABLE_", ""),
                    response.hasECertId(),
                    List.copyOf(response.getPrereview().getMissingList()));
        }
    }

    /** The expected answers, by the name of the order's file, in the order of the files. */
    static SortedMap<String, Answer> expected() {
        return new Gson().fromJson(read(FOLDER.resolve("expected.json")), new TypeToken<SortedMap<String, Answer>>() {});
    }

    static ProcessOrderRequest order(String file) {
        ProcessOrderRequest.Builder request = ProcessOrderRequest.newBuilder();
        try {
            JsonFormat.parser().merge(read(FOLDER.resolve("orders").resolve(file)), request);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(file, unreadable);
        }
        return request.build();
    }

    /** The example order that stands in no one's way, under an order id of the test's own. */
    static ProcessOrderRequest.Builder eligible() {
        ProcessOrderRequest.Builder request = order("01-eligible.json").toBuilder();
        request.setRequestId(OriginGate.newRequestId());
        request.getOrderBuilder().setOrderId("JAVA-" + request.getRequestId());
        return request;
    }

    /** Sets the quantity of a line, counted from 0. */
    static void setQuantity(ProcessOrderRequest.Builder request, int line, String quantity) {
        request.getOrderBuilder().getLinesBuilder().getItemsBuilder(line).getQuantityBuilder().setValue(quantity);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
