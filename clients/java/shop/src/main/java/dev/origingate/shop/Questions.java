package dev.origingate.shop;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Plain questions for the facts that Origin Gate misses. */
final class Questions {
    private static final String OPERATOR = "the operator of Origin Gate";
    private static final String PLATFORM = "the verification platform, once nothing else is missing";
    private static final Pattern INDEX = Pattern.compile("\\[(\\d+)]");

    /** What to ask, and the field that takes the answer. {} stands for the number of the line or good. */
    private record Entry(String question, String where) {}

    private static final Map<String, Entry> ENTRIES = new LinkedHashMap<>();

    static {
        put("order.destination", "To which country do we deliver?", "/destination");
        put("order.commercial", "Is it bought for a business?", "/commercial");
        put("order.import_date", "On which day will the goods be imported?", "/importDate");
        put("order.originating_value", "What are the goods worth for which you claim the preference?", "/originatingValue");
        put("order.lines", "What do you want to buy?", "/lines");
        put("order.lines[].claims_preference", "Do you claim the USMCA preference for line {}?", "/lines/{}/claimsPreference");
        put("order.lines[].description", "What is it that you buy in line {}?", "/lines/{}/description");
        put("order.lines[].hs", "Which HS code do the goods of line {} have?", "/lines/{}/hsCode");
        put("order.lines[].quantity", "How much do you want of line {}?", "/lines/{}/quantity");
        put("order.lines[].value", "What does line {} cost?", "/lines/{}/value");
        put("order.claim", "How will you claim the preference?", "/claim");
        put("order.claim.kind", "Will you claim the preference at entry, or after importation?", "/claim/kind");
        put("order.claim.indicator", "Which prefix will mark the claim in your entry?", "/claim/indicator");
        put("order.claim.made_on", "On which day will you make the claim?", "/claim/madeOn");
        put("order.claim.certification_in_possession", "Will you have the certification when you claim?",
                "/claim/certificationInPossession");
        put("declaration", "What does the declaration of origin say?", "/origin");
        put("declaration.certifier_role", "Who certifies the origin?", "/origin/certifiedBy");
        put("declaration.certifier", "What are the certifier's name and address?", "/origin/certifier");
        put("declaration.exporter", "Who exports the goods?", "/origin/exporter");
        put("declaration.producer", "Who produces the goods?", "/origin/producer");
        put("declaration.importer", "Who imports the goods?", "/origin/importer");
        put("declaration.goods", "Which goods does the declaration name?", "/origin/goods");
        put("declaration.goods[].criterion", "By which criterion does good {} originate?", "/origin/goods/{}/criterion");
        put("declaration.goods[].produced_in", "In which country is good {} produced?", "/origin/goods/{}/producedIn");
        put("declaration.goods[].transit", "Through which countries does good {} come?", "/origin/goods/{}/transit");
        put("declaration.coverage", "Is the declaration for one shipment, or for several?", "/origin/coverage");
        put("declaration.blanket_period", "For which days is the declaration?", "/origin/period");
        put("declaration.goods_identical", "Are the goods of all shipments identical?", "/origin/identicalGoods");
        put("declaration.invoice_number", "Which number does the invoice have?", "/origin/invoiceNumber");
        put("declaration.statement", "Does the declaration carry the certifier's statement?", "/origin/statement");
        put("declaration.signed", "Is the declaration signed?", "/origin/signed");
        put("declaration.certified_on", "On which day was the declaration signed?", "/origin/signedOn");
        put("declaration.language", "In which language is the declaration?", "/origin/language");
        put("declaration.carrier", "Which document carries the declaration?", "/origin/carriedBy");
        put("declaration.basis", "On what does the certifier rely?", "/origin/basis");
    }

    private Questions() {}

    static List<Question> about(List<String> facts) {
        return facts.stream().map(Questions::about).toList();
    }

    static Question about(String fact) {
        if (fact.startsWith("site.")) {
            return new Question(fact, "How is this site connected to a platform?", null, OPERATOR);
        }
        if (fact.startsWith("nomenclature.")) {
            return new Question(fact, "Do the HS codes of the goods exist?", null, "Origin Gate, once the goods are named");
        }
        if (isPlatforms(fact)) {
            return new Question(fact, "What does the platform say of the certificate?", null, PLATFORM);
        }
        Matcher index = INDEX.matcher(fact);
        int number = index.find() ? Integer.parseInt(index.group(1)) : -1;
        Entry entry = ENTRIES.get(INDEX.matcher(fact).replaceAll("[]"));
        if (entry == null) {
            return new Question(fact, "We need to know more: " + inWords(fact) + ". Please write to us.", null, "the shop");
        }
        // People count from one, pointers from zero.
        String question = entry.question().replace("{}", Integer.toString(number + 1));
        return new Question(fact, question, entry.where().replace("{}", Integer.toString(number)), null);
    }

    /**
     * The field of the form that a field of a request comes from; a request has each list in a wrapper. The request's own name
     * where no question is about it.
     */
    static String whereOf(String requested) {
        String where = about(requested.replace(".items[", "[")).where();
        return where == null ? requested : where;
    }

    /** Whether a fact comes with a certificate, so that nobody has to be asked for it. */
    static boolean isPlatforms(String fact) {
        return fact.startsWith("certificate.");
    }

    private static String inWords(String fact) {
        Matcher index = INDEX.matcher(fact);
        String counted = index.replaceAll(found -> " " + (Integer.parseInt(found.group(1)) + 1));
        return counted.replace(".", ", ").replace('_', ' ');
    }

    private static void put(String fact, String question, String where) {
        ENTRIES.put(fact, new Entry(question, where));
    }
}
