import com.google.protobuf.util.JsonFormat;
import dev.origingate.client.OriginGate;
import dev.origingate.v1.ProcessOrderRequest;
import dev.origingate.v1.ProcessOrderResponse;
import java.nio.file.Files;
import java.nio.file.Path;

/** Sends one order, as JSON, to an Origin Gate without TLS and prints its outcome and its e-Cert ID. */
class First {
    public static void main(String[] words) throws Exception {
        ProcessOrderRequest.Builder order = ProcessOrderRequest.newBuilder();
        JsonFormat.parser().merge(Files.readString(Path.of(words[1])), order);
        order.setRequestId("AN-1001-1"); // kept with the order, and sent again when the call is repeated
        try (OriginGate gate = OriginGate.connectPlaintext(words[0])) {
            ProcessOrderResponse answer = gate.processOrder(order.build());
            System.out.println(answer.getPrereview().getOutcome() + " " + answer.getECertId());
        }
    }
}
