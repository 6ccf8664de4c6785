package dev.origingate.shop;

import dev.origingate.shop.Answer.Kept;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The shop's orders. Each method is one transaction. */
final class Store implements AutoCloseable {
    private static final String COLUMNS = "number, request_ids, content, heard, case_name, receipt, answer";
    private static final String LAST_REQUEST = "request_ids[CARDINALITY(request_ids)]";

    /** The moment that is given twice, or what is due already where that is earlier. Null, which is never, stays null. */
    private static final String EARLIER = "CASE WHEN due < ? THEN due ELSE ? END";

    private final Transactions transactions;

    Store(Transactions transactions) {
        this.transactions = transactions;
    }

    /** What became of an order that came: the order, and whether it is new. */
    record Placed(Stored order, boolean fresh) {}

    /**
     * Keeps an order that is to be asked about; one that is there stays as it is.
     *
     * @throws Refused where the number is another order's
     */
    Placed place(OrderForm form, String requestId, Instant due) {
        return transactions.run(connection -> {
            String content = Json.write(form);
            boolean fresh = insert(
                    connection,
                    "INSERT INTO orders (number, site, state, request_ids, placed, content, heard, case_version, told, answer, due)"
                            + " VALUES (?, ?, 'PENDING', ARRAY[CAST(? AS VARCHAR)], ?, ?, FALSE, 0, 0, ?, ?)",
                    form.number(), form.site(), requestId, content, content, Json.write(Answer.pending(null)), at(due));
            if (!fresh && !placed(connection, form.number()).equals(form)) {
                throw new Refused(409, "There is an order " + form.number() + " of another content already.", List.of());
            }
            return new Placed(find(connection, form.number()).orElseThrow(), fresh);
        });
    }

    Optional<Stored> find(String number) {
        return transactions.run(connection -> find(connection, number));
    }

    /**
     * Keeps what Origin Gate answered to a request. Nothing is kept where the order was asked anew meanwhile, or a later
     * answer is there.
     *
     * @param due when to look at it again, unless a webhook told of more already; null: never
     */
    void answered(Stored asked, Answer answer, Instant due, Instant now) {
        Kept kept = answer.kept();
        transactions.run(connection -> {
            update(
                    connection,
                    "UPDATE orders SET state = ?, answer = ?, heard = TRUE, case_name = ?, case_version = ?, e_cert_id = ?,"
                            + " receipt = COALESCE(?, receipt), due = ?"
                            + " WHERE number = ? AND " + LAST_REQUEST + " = ? AND case_version <= ?",
                    answer.state().name(), Json.write(answer), kept.caseName(), kept.caseVersion(), answer.eCertId(),
                    kept.receipt(), at(due), asked.number(), asked.requestId(), kept.caseVersion());
            return update(
                    connection,
                    "UPDATE orders SET due = ? WHERE number = ? AND told > case_version", at(now), asked.number());
        });
    }

    /**
     * Keeps that a request was not answered; what an answer said meanwhile stays.
     *
     * @param due when to ask again, unless a webhook had it looked at earlier; null: never
     */
    void unanswered(Stored asked, Answer answer, Instant due) {
        transactions.run(connection -> update(
                connection,
                "UPDATE orders SET state = ?, answer = ?, due = " + EARLIER + " WHERE number = ? AND " + LAST_REQUEST
                        + " = ? AND NOT heard",
                answer.state().name(), Json.write(answer), at(due), at(due), asked.number(), asked.requestId()));
    }

    /** Has an order looked at again, by then at the latest, whose case could not be read. */
    void unread(Stored seen, Instant due) {
        transactions.run(connection -> update(
                connection,
                "UPDATE orders SET due = " + EARLIER + " WHERE number = ? AND " + LAST_REQUEST + " = ?",
                at(due), at(due), seen.number(), seen.requestId()));
    }

    /**
     * Has an order asked anew, with this content and a request id of its own. Empty where it is not any more as it was seen.
     */
    Optional<Stored> anew(Stored seen, OrderForm content, String requestId, Instant due) {
        return transactions.run(connection -> {
            int changed = update(
                    connection,
                    "UPDATE orders SET state = 'PENDING', heard = FALSE, content = ?, request_ids = ARRAY_APPEND(request_ids, ?),"
                            + " answer = ?, due = ? WHERE number = ? AND state = ? AND " + LAST_REQUEST + " = ?",
                    Json.write(content), requestId, Json.write(Answer.pending(null)), at(due),
                    seen.number(), seen.state().name(), seen.requestId());
            return changed == 0 ? Optional.empty() : find(connection, seen.number());
        });
    }

    /** Has all orders looked at now whose answer is not known: what the shop does when it begins. */
    void resume(Instant now) {
        transactions.run(connection -> update(
                connection,
                "UPDATE orders SET due = ? WHERE state IN ('PENDING', 'FAILED')", at(now)));
    }

    /** The numbers of orders to look at by now, the first due first. They are due again {@code later}, should that fail. */
    List<String> claim(Instant now, int most, Instant later) {
        return transactions.run(connection -> {
            List<String> numbers = new ArrayList<>();
            try (PreparedStatement query =
                    prepared(connection, "SELECT number FROM orders WHERE due <= ? ORDER BY due LIMIT ?", at(now), most)) {
                ResultSet rows = query.executeQuery();
                while (rows.next()) {
                    numbers.add(rows.getString(1));
                }
            }
            for (String number : numbers) {
                update(connection, "UPDATE orders SET due = ? WHERE number = ?", at(later), number);
            }
            return numbers;
        });
    }

    /**
     * Keeps that a webhook came, and has its order looked at where it tells of what is not known here. One that came before
     * changes nothing.
     */
    void told(String webhookId, String site, String number, int caseVersion, Instant now) {
        transactions.run(connection -> {
            boolean fresh =
                    insert(connection, "INSERT INTO webhooks (id, came) VALUES (?, ?)", webhookId, at(now));
            return fresh
                    ? update(
                            connection,
                            "UPDATE orders SET told = ?, due = ?"
                                    + " WHERE number = ? AND site = ? AND told < ? AND case_version < ?",
                            caseVersion, at(now), number, site, caseVersion, caseVersion)
                    : 0;
        });
    }

    /** Forgets webhooks that nobody sends again. */
    void forgetWebhooks(Instant now, Duration age) {
        transactions.run(connection ->
                update(connection, "DELETE FROM webhooks WHERE came < ?", at(now.minus(age))));
    }

    @Override
    public void close() {
        transactions.close();
    }

    private static OrderForm placed(Connection connection, String number) throws SQLException {
        try (PreparedStatement query = prepared(connection, "SELECT placed FROM orders WHERE number = ?", number)) {
            ResultSet rows = query.executeQuery();
            rows.next();
            return Json.read(rows.getString(1), OrderForm.class);
        }
    }

    private static Optional<Stored> find(Connection connection, String number) throws SQLException {
        try (PreparedStatement query =
                prepared(connection, "SELECT " + COLUMNS + " FROM orders WHERE number = ?", number)) {
            ResultSet rows = query.executeQuery();
            return rows.next() ? Optional.of(stored(rows)) : Optional.empty();
        }
    }

    private static Stored stored(ResultSet row) throws SQLException {
        Object[] requestIds = (Object[]) row.getArray("request_ids").getArray();
        return new Stored(
                row.getString("number"),
                (String) requestIds[requestIds.length - 1],
                Json.read(row.getString("content"), OrderForm.class),
                row.getBoolean("heard"),
                row.getString("case_name"),
                row.getBytes("receipt"),
                Json.read(row.getString("answer"), Answer.class));
    }

    /** Whether the row is new: one of its key was not there. */
    private static boolean insert(Connection connection, String sql, Object... values) throws SQLException {
        try {
            return update(connection, sql, values) == 1;
        } catch (SQLIntegrityConstraintViolationException there) {
            return false;
        }
    }

    private static int update(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepared(connection, sql, values)) {
            return statement.executeUpdate();
        }
    }

    private static PreparedStatement prepared(Connection connection, String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int index = 0; index < values.length; index++) {
            statement.setObject(index + 1, values[index]);
        }
        return statement;
    }

    private static OffsetDateTime at(Instant moment) {
        return moment == null ? null : moment.atOffset(ZoneOffset.UTC);
    }
}
