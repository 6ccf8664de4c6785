package dev.origingate.shop;

import dev.origingate.client.Wire;
import dev.origingate.v1.AddressLines;
import dev.origingate.v1.BlanketPeriod;
import dev.origingate.v1.CarrierDocument;
import dev.origingate.v1.CarrierKind;
import dev.origingate.v1.CertificationBasis;
import dev.origingate.v1.CertifierRole;
import dev.origingate.v1.ClaimIndicator;
import dev.origingate.v1.ClaimKind;
import dev.origingate.v1.Coverage;
import dev.origingate.v1.Declaration;
import dev.origingate.v1.Goods;
import dev.origingate.v1.LineIds;
import dev.origingate.v1.Order;
import dev.origingate.v1.OrderLine;
import dev.origingate.v1.OrderLines;
import dev.origingate.v1.OriginCriterion;
import dev.origingate.v1.Parties;
import dev.origingate.v1.PartyManner;
import dev.origingate.v1.PartyStatement;
import dev.origingate.v1.ProcessOrderRequest;
import dev.origingate.v1.Transit;
import dev.origingate.v1.TransitStep;
import java.util.Collection;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;

/** The shop's form as a request to Origin Gate. What the form leaves out is left out there too: it is not known. */
final class Requests {
    private Requests() {}

    /** @throws Refused where a field has a word or an amount that Origin Gate's contract cannot say */
    static ProcessOrderRequest of(String requestId, OrderForm form) {
        ProcessOrderRequest.Builder request =
                ProcessOrderRequest.newBuilder().setRequestId(requestId).setOrder(order(form));
        set(form.site(), request.getSiteBuilder()::setSiteId);
        set(form.origin(), origin -> request.setDeclaration(declaration(origin)));
        return request.build();
    }

    private static Order order(OrderForm form) {
        Order.Builder order = Order.newBuilder();
        set(form.number(), order::setOrderId);
        set(form.destination(), order::setDestination);
        set(form.commercial(), order::setCommercial);
        set(form.importDate(), day -> order.setImportDate(Wire.date(day)));
        set(form.originatingValue(), value -> order.setOriginatingValue(money(value, "/originatingValue")));
        set(form.lines(), lines -> order.setLines(OrderLines.newBuilder().addAllItems(each(lines, Requests::line))));
        set(form.claim(), claim -> {
            set(claim.kind(), word -> order.getClaimBuilder().setKind(word(ClaimKind.class, word, "/claim/kind")));
            set(claim.indicator(), word ->
                    order.getClaimBuilder().setIndicator(word(ClaimIndicator.class, word, "/claim/indicator")));
            set(claim.madeOn(), day -> order.getClaimBuilder().setMadeOn(Wire.date(day)));
            set(claim.certificationInPossession(), order.getClaimBuilder()::setCertificationInPossession);
        });
        return order.build();
    }

    private static OrderLine line(OrderForm.Line said) {
        OrderLine.Builder line = OrderLine.newBuilder();
        set(said.id(), line::setLineId);
        set(said.description(), line::setDescription);
        set(said.hsCode(), line::setHs);
        set(said.quantity(), number -> line.setQuantity(Wire.decimal(number)));
        set(said.unit(), line::setUnit);
        set(said.value(), value -> line.setValue(money(value, "/lines")));
        set(said.claimsPreference(), line::setClaimsPreference);
        return line.build();
    }

    private static Declaration declaration(OrderForm.Origin said) {
        Declaration.Builder declaration = Declaration.newBuilder();
        set(said.certifiedBy(), word ->
                declaration.setCertifierRole(word(CertifierRole.class, word, "/origin/certifiedBy")));
        set(said.certifier(), person -> declaration.setCertifier(person(person)));
        set(said.exporter(), party -> declaration.setExporter(party(party, "/origin/exporter")));
        set(said.producer(), party -> declaration.setProducer(party(party, "/origin/producer")));
        set(said.importer(), party -> declaration.setImporter(party(party, "/origin/importer")));
        set(said.goods(), goods -> declaration.setGoods(Goods.newBuilder().addAllItems(each(goods, Requests::good))));
        set(said.coverage(), word -> cover(declaration, word(Coverage.class, word, "/origin/coverage"), said));
        set(said.invoiceNumber(), declaration::setInvoiceNumber);
        set(said.statement(), declaration::setStatement);
        set(said.signed(), declaration::setSigned);
        set(said.signedOn(), day -> declaration.setCertifiedOn(Wire.date(day)));
        set(said.language(), declaration::setLanguage);
        set(said.carriedBy(), word -> declaration.setCarrier(
                CarrierDocument.newBuilder().setKind(word(CarrierKind.class, word, "/origin/carriedBy"))));
        set(said.basis(), word -> declaration.setBasis(word(CertificationBasis.class, word, "/origin/basis")));
        return declaration.build();
    }

    private static void cover(Declaration.Builder declaration, Coverage coverage, OrderForm.Origin said) {
        declaration.setCoverage(coverage);
        set(said.period(), period -> {
            BlanketPeriod.Builder days = declaration.getBlanketPeriodBuilder();
            set(period.from(), day -> days.setFirstDay(Wire.date(day)));
            set(period.to(), day -> days.setLastDay(Wire.date(day)));
        });
        set(said.identicalGoods(), declaration::setGoodsIdentical);
        // Of one shipment it is known that there is neither; not given would mean that nobody knows.
        if (coverage == Coverage.COVERAGE_SINGLE_SHIPMENT && said.period() == null) {
            declaration.getNoneBuilder().addPaths("blanket_period");
        }
        if (coverage == Coverage.COVERAGE_SINGLE_SHIPMENT && said.identicalGoods() == null) {
            declaration.getNoneBuilder().addPaths("goods_identical");
        }
    }

    private static dev.origingate.v1.Good good(OrderForm.Good said) {
        dev.origingate.v1.Good.Builder good = dev.origingate.v1.Good.newBuilder();
        set(said.id(), good::setGoodId);
        set(said.lines(), lines -> good.setLineIds(LineIds.newBuilder().addAllItems(lines)));
        set(said.description(), good::setDescription);
        set(said.hsCode(), good::setHs);
        set(said.criterion(), word -> good.setCriterion(word(OriginCriterion.class, word, "/origin/goods")));
        set(said.producedIn(), good::setProducedIn);
        set(said.transit(), stops -> good.setTransit(Transit.newBuilder().addAllItems(each(stops, Requests::stop))));
        return good.build();
    }

    private static TransitStep stop(OrderForm.Stop said) {
        TransitStep.Builder step = TransitStep.newBuilder();
        set(said.country(), step::setCountry);
        set(said.underCustomsControl(), step::setCustomsControl);
        return step.build();
    }

    private static PartyStatement party(OrderForm.Party said, String where) {
        PartyStatement.Builder statement = PartyStatement.newBuilder();
        set(said.as(), word -> statement.setManner(word(PartyManner.class, word, where + "/as")));
        set(said.persons(), persons ->
                statement.setParties(Parties.newBuilder().addAllItems(each(persons, Requests::person))));
        return statement.build();
    }

    private static dev.origingate.v1.Party person(OrderForm.Person said) {
        dev.origingate.v1.Party.Builder party = dev.origingate.v1.Party.newBuilder();
        set(said.name(), party::setName);
        set(said.title(), party::setTitle);
        set(said.address(), address -> party.setAddress(address(address)));
        set(said.telephone(), party::setTelephone);
        set(said.email(), party::setEmail);
        set(said.responsibleOfficial(), party::setResponsibleOfficial);
        return party.build();
    }

    private static dev.origingate.v1.Address address(OrderForm.Address said) {
        dev.origingate.v1.Address.Builder address = dev.origingate.v1.Address.newBuilder();
        set(said.street(), lines -> address.setLines(AddressLines.newBuilder().addAllItems(lines)));
        set(said.town(), address::setLocality);
        set(said.region(), address::setRegion);
        set(said.postalCode(), address::setPostalCode);
        set(said.country(), address::setCountry);
        return address.build();
    }

    private static com.google.type.Money money(OrderForm.Amount said, String where) {
        if (said.amount() == null || said.currency() == null) {
            throw Refused.field(where, "an amount and its currency belong together");
        }
        try {
            return Wire.money(said.amount(), said.currency());
        } catch (IllegalArgumentException beyond) {
            throw Refused.field(where, beyond.getMessage());
        }
    }

    /** The value of an enum of the contract, whose names begin with the enum's: the form's words are what follows. */
    private static <E extends Enum<E>> E word(Class<E> type, String word, String where) {
        String prefix = type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT) + "_";
        try {
            return Enum.valueOf(type, prefix + word);
        } catch (IllegalArgumentException unknown) {
            throw Refused.field(where, "\"" + word + "\" is not one of the words that can stand here");
        }
    }

    private static <S, T> Collection<T> each(Collection<S> said, Function<S, T> mapped) {
        return said.stream().map(mapped).toList();
    }

    private static <T> void set(T value, Consumer<T> setter) {
        if (value != null) {
            setter.accept(value);
        }
    }
}
