package dev.origingate.shop;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;

/**
 * An order as the shop's own front end sends it. What is left out is not known yet; an empty list is known to be empty.
 *
 * @param number the shop's number of the order
 * @param site the web shop in which it was placed; left out: the one of the settings
 * @param importDate day on which the goods are imported, or are expected to be
 * @param originatingValue value of the goods for which the preference is claimed
 * @param origin what the declaration of origin says; left out: nobody has declared it yet
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OrderForm(
        String number,
        String site,
        String destination,
        Boolean commercial,
        LocalDate importDate,
        Amount originatingValue,
        List<Line> lines,
        Claim claim,
        Origin origin) {
    private static final int MOST_ZEROS = 30;

    /** The same order, of that site where it names none. */
    OrderForm at(String usualSite) {
        return site != null
                ? this
                : new OrderForm(
                        number, usualSite, destination, commercial, importDate, originatingValue, lines, claim, origin);
    }

    /** An exact amount; "12000.00" and 12000 are the same. */
    public record Amount(BigDecimal amount, String currency) {
        public Amount {
            amount = plain(amount);
        }
    }

    /** One line; quantity is in unit, value is that of the whole line. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Line(
            String id,
            String description,
            String hsCode,
            BigDecimal quantity,
            String unit,
            Amount value,
            Boolean claimsPreference) {
        public Line {
            quantity = plain(quantity);
        }
    }

    /** How the importer claims the preference: kind AT_ENTRY or POST_IMPORTATION, indicator S or S_PLUS. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Claim(String kind, String indicator, LocalDate madeOn, Boolean certificationInPossession) {}

    /**
     * What the declaration of origin says. For coverage SINGLE_SHIPMENT there is no period; the form says so by itself.
     *
     * @param certifiedBy IMPORTER, EXPORTER or PRODUCER
     * @param basis OWN_INFORMATION or PRODUCER_REPRESENTATION
     * @param carriedBy the document that carries it: SEPARATE, INVOICE, COMMERCIAL_DOCUMENT or OTHER
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Origin(
            String certifiedBy,
            Person certifier,
            Party exporter,
            Party producer,
            Party importer,
            List<Good> goods,
            String coverage,
            Period period,
            Boolean identicalGoods,
            String invoiceNumber,
            Boolean statement,
            Boolean signed,
            LocalDate signedOn,
            String language,
            String carriedBy,
            String basis) {}

    /** Who stands for a role: NAMED with persons, or CERTIFIER, EXPORTER, VARIOUS, ON_REQUEST without. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Party(String as, List<Person> persons) {}

    /** A person or company. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Person(
            String name, String title, Address address, String telephone, String email, String responsibleOfficial) {}

    /** A postal address. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Address(List<String> street, String town, String region, String postalCode, String country) {}

    /** Goods of one kind, of some lines; criterion A to D; transit: through which countries they come. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Good(
            String id,
            List<String> lines,
            String description,
            String hsCode,
            String criterion,
            String producedIn,
            List<Stop> transit) {}

    /** One country on the way. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Stop(String country, Boolean underCustomsControl) {}

    /** The days of a blanket declaration, both included. */
    public record Period(LocalDate from, LocalDate to) {}

    /** One way to write each number, so that the same order is the same; what is too large to be laid out stays for Wire to refuse. */
    private static BigDecimal plain(BigDecimal number) {
        if (number == null) {
            return null;
        }
        BigDecimal bare = number.stripTrailingZeros();
        return bare.scale() < 0 && bare.scale() > -MOST_ZEROS ? bare.setScale(0) : bare;
    }
}
