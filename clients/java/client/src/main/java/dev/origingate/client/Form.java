package dev.origingate.client;

import build.buf.protovalidate.Validator;
import build.buf.protovalidate.ValidatorFactory;
import build.buf.protovalidate.exceptions.ValidationException;
import build.buf.validate.FieldPathElement;
import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import dev.origingate.client.OriginGateException.Violation;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.Locale;

/**
 * The contract's rules of form, held against a request where it is made. The server holds the same ones, and some that need
 * more than the contract, e.g. whether a day or a currency exists: what passes here can still be REQUEST_INVALID there, and
 * some of its descriptions are in better words.
 */
public final class Form {
    private Form() {}

    /** Made when the first request is held against it; its rules are compiled with the first request of each kind. */
    private static final class Rules {
        static final Validator OF_CONTRACT = ValidatorFactory.newBuilder().build();
    }

    /** Every field of the request that breaks a rule of the contract, named as the server names it. */
    public static List<Violation> violations(Message request) {
        try {
            return Rules.OF_CONTRACT.validate(request).getViolations().stream()
                    .map(found -> violation(found.toProto()))
                    .toList();
        } catch (ValidationException unreadable) {
            throw new IllegalStateException("the contract's own rules cannot be read", unreadable);
        }
    }

    /** The error of a request with these violations, of which there is one at least, in the shape of the server's. */
    static StatusRuntimeException refusal(List<Violation> violations) {
        BadRequest.Builder fields = BadRequest.newBuilder();
        for (Violation violation : violations) {
            fields.addFieldViolationsBuilder()
                    .setField(violation.field())
                    .setReason(violation.reason())
                    .setDescription(violation.description());
        }
        String count = Integer.toString(violations.size());
        ErrorInfo info = ErrorInfo.newBuilder()
                .setReason("REQUEST_INVALID")
                .setDomain(OriginGateException.DOMAIN)
                .putMetadata("violations", count)
                .putMetadata("shown", count)
                .build();
        return StatusProto.toStatusRuntimeException(Status.newBuilder()
                .setCode(Code.INVALID_ARGUMENT.value())
                .setMessage(sentence(violations))
                .addDetails(Any.pack(info))
                .addDetails(Any.pack(fields.build()))
                .build());
    }

    private static String sentence(List<Violation> violations) {
        Violation first = violations.get(0);
        String where = first.field().isEmpty() ? "" : first.field() + ": ";
        String more = violations.size() == 1 ? "" : " And " + (violations.size() - 1) + " more.";
        return "The request breaks a rule of form: " + where + first.description() + "." + more;
    }

    private static Violation violation(build.buf.validate.Violation found) {
        StringBuilder field = new StringBuilder();
        for (FieldPathElement element : found.getField().getElementsList()) {
            field.append(field.isEmpty() ? "" : ".").append(element.getFieldName());
            if (element.hasIndex()) {
                field.append('[').append(element.getIndex()).append(']');
            }
        }
        String reason = found.getRuleId().toUpperCase(Locale.ROOT).replace('.', '_');
        return new Violation(field.toString(), reason, found.getMessage());
    }
}
