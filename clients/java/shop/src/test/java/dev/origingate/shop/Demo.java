package dev.origingate.shop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.util.JsonFormat;
import dev.origingate.live.Command;
import dev.origingate.v1.ProcessOrderRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The orders of examples/orders in the shop's form: each by how it differs from the first one. */
enum Demo {
    ELIGIBLE("01-eligible", "{}"),
    MARKETPLACE("02-marketplace", "{'/number': 'PM-77', '/site': 'plaza-market', '/origin/signed': false}"),
    TO_CANADA("03-to-canada", "{'/number': 'AN-1002', '/destination': 'CA'}"),
    NO_CLAIM("04-no-claim",
            "{'/number': 'AN-1003', '/lines/0/claimsPreference': false, '/lines/1/claimsPreference': false}"),
    SITE_NOT_CONNECTED("05-site-not-connected", "{'/number': 'TS-5', '/site': 'tornillos-shop'}"),
    CONNECTION_NOT_KNOWN("06-connection-not-known", "{'/number': 'VS-12', '/site': 'valvulas-shop'}"),
    CERTIFICATION_INVALID("07-certification-invalid",
            "{'/number': 'AN-1004', '/origin/importer/persons/0/name': 'Rhein GmbH',"
                    + " '/origin/importer/persons/0/address/country': 'DE',"
                    + " '/origin/importer/persons/0/address/town': 'Köln',"
                    + " '/origin/importer/persons/0/address/region': 'NRW',"
                    + " '/origin/importer/persons/0/address/postalCode': '50667',"
                    + " '/origin/language': 'zh', '/origin/signed': false, '/origin/statement': false}"),
    HS_TOO_SHORT("08-hs-too-short",
            "{'/number': 'AN-1005', '/lines/0/hsCode': '8471.3', '/origin/goods/0/hsCode': '8471.3'}"),
    BLANKET_TWO_READINGS("09-blanket-two-readings",
            "{'/number': 'AN-1006', '/origin/coverage': 'BLANKET', '/origin/identicalGoods': true,"
                    + " '/origin/period': {'from': '2026-01-01', 'to': '2026-12-31'},"
                    + " '/origin/signedOn': '2025-12-15', '/origin/invoiceNumber': null}"),
    DESTINATION_NOT_GIVEN("10-destination-not-given", "{'/number': 'AN-1007', '/destination': null}"),
    SIGNATURE_NOT_GIVEN("11-signature-not-given", "{'/number': 'AN-1008', '/origin/signed': null}"),
    CHANGED_AFTER_ISSUE("12-changed-after-issue", "{'/lines/1/quantity': 40}");

    private static final Path EXAMPLES = Command.REPOSITORY.resolve("examples");

    private final String file;
    private final String differs;

    Demo(String file, String differs) {
        this.file = file;
        this.differs = differs.replace('\'', '"');
    }

    /** The order in the shop's form. */
    OrderForm form() {
        Map<String, JsonNode> changes = new LinkedHashMap<>();
        Json.read(differs, JsonNode.class).properties().forEach(one -> changes.put(one.getKey(), one.getValue()));
        OrderForm first = Json.read(Caller.eligible("AN-1001"), OrderForm.class);
        JsonNode number = changes.remove("/number");
        JsonNode site = changes.remove("/site");
        ObjectNode tree = Json.MAPPER.valueToTree(Filled.in(first, changes));
        tree.set("number", number == null ? tree.get("number") : number);
        tree.set("site", site);
        return Json.read(tree, OrderForm.class);
    }

    /** The same order as examples/orders has it. */
    ProcessOrderRequest request() throws IOException {
        ProcessOrderRequest.Builder request = ProcessOrderRequest.newBuilder();
        JsonFormat.parser().merge(Files.readString(EXAMPLES.resolve("orders/" + file + ".json")), request);
        return request.build();
    }

    /** What examples/expected.json says of it. */
    JsonNode expected() throws IOException {
        return Json.MAPPER.readTree(Files.readString(EXAMPLES.resolve("expected.json"))).get(file + ".json");
    }
}
