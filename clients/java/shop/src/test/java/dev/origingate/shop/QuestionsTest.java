package dev.origingate.shop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class QuestionsTest {
    @Test
    @DisplayName("A missing fact is a question, with the field of the form that takes the answer; people count from one.")
    void question() {
        assertEquals(
                new Question(
                        "order.lines[0].claims_preference",
                        "Do you claim the USMCA preference for line 1?",
                        "/lines/0/claimsPreference",
                        null),
                Questions.about("order.lines[0].claims_preference"));
    }

    @Test
    @DisplayName("What is not the buyer's to give is not asked of the buyer, but says who knows it.")
    void notTheBuyers() {
        assertEquals("the operator of Origin Gate", Questions.about("site.integration").whom());
        assertEquals(
                "the verification platform, once nothing else is missing", Questions.about("certificate.status").whom());
        assertEquals("Origin Gate, once the goods are named", Questions.about("nomenclature.unlisted").whom());
    }

    @Test
    @DisplayName("A fact that nobody thought of is still named in words.")
    void unforeseen() {
        assertEquals(
                new Question(
                        "declaration.goods[2].de_minimis.claimed",
                        "We need to know more: declaration, goods 3, de minimis, claimed. Please write to us.",
                        null,
                        "the shop"),
                Questions.about("declaration.goods[2].de_minimis.claimed"));
    }

    @Test
    @DisplayName("A field of a request at fault is named as the form names it.")
    void whereOf() {
        assertEquals("/lines/0/hsCode", Questions.whereOf("order.lines.items[0].hs"));
        assertEquals("site.site_id", Questions.whereOf("site.site_id"));
    }
}
