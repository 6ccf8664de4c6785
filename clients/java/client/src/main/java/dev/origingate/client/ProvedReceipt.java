package dev.origingate.client;

import java.time.Instant;

/**
 * What a receipt proves, once it is verified: that this was decided, and stands in the log.
 *
 * @param origin names the log
 * @param position of the entry in the log, from 0
 * @param size how many entries the head that proves it stood over
 * @param signedAt when the head was signed, by the server's clock
 * @param recordedAt when the decision was recorded, by the server's clock
 * @param tenant whose decision it is
 * @param subject the case, "cases/" and 32 hex digits, or "decisions/" and the id of a decision without a case
 * @param decision id of the decision
 * @param question what was decided, e.g. "prereview"
 * @param outcome how, e.g. "ELIGIBLE"
 * @param factsDigest from which facts
 * @param rulebookDigest by which rules
 * @param declarationDigest about which declaration; empty where it is about none
 * @param eCertId about which certificate; empty where it is about none
 */
public record ProvedReceipt(
        String origin,
        long position,
        long size,
        Instant signedAt,
        Instant recordedAt,
        String tenant,
        String subject,
        String decision,
        String question,
        String outcome,
        String factsDigest,
        String rulebookDigest,
        String declarationDigest,
        String eCertId) {}
