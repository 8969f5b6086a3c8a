package dev.postern.auditing.archive;

import dev.postern.chassis.problem.Problem;

/// Why a request, a decision or a release does not count.
final class ArchiveProblems {
    static final Problem OFF = new Problem(
            409,
            "archives-off",
            "Nothing can be opened here: name a file of custodians in postern.audit.archive.custodians.");
    static final Problem UNKNOWN_OPENING = new Problem(
            404, "unknown-opening", "No such request waits: it is too old, or the service was restarted. Ask again.");
    static final Problem UNKNOWN_EVENT =
            new Problem(404, "unknown-event", "An event that was named is not in the log, or its day was shredded.");
    static final Problem NOT_CAPTURES = new Problem(
            400,
            "not-captures",
            "Name 1 to 100 events of type dev.postern.archive.body-captured, of 64 captures at most: all parts of each, each once.");
    static final Problem TOO_MANY_OPENINGS =
            new Problem(429, "too-many-openings", "Many requests wait already: decide on them first.");
    static final Problem UNKNOWN_CUSTODIAN =
            new Problem(403, "unknown-custodian", "This is no custodian: see postern.audit.archive.custodians.");
    static final Problem NOT_THE_CUSTODIAN = new Problem(
            403, "not-the-custodian", "A custodian decides with a token whose subject is the custodian's name.");
    static final Problem SECOND_PERSON = new Problem(
            403, "second-person-required", "Two persons other than who asked must approve, by tokens of their own.");
    static final Problem SIGNATURE = new Problem(
            403,
            "signature-not-valid",
            "The signature is not this custodian's over this request, its digest and the decision.");
    static final Problem ALREADY_DECIDED =
            new Problem(409, "already-decided", "It was decided already, by this custodian or by enough of them.");
    static final Problem SHARES = new Problem(
            400, "shares-missing", "An approval brings one share for each capture, and a refusal brings none.");
    static final Problem NOT_THE_REQUESTER =
            new Problem(403, "not-the-requester", "Only who asked for it gets what was opened.");
    static final Problem NOT_APPROVED = new Problem(
            409, "not-approved", "Two custodians must approve first; what one of them refused stays closed.");
    static final Problem LOG_CHANGED = new Problem(
            409, "log-changed", "The log does not hold what was approved any more: run postern audit verify.");

    private ArchiveProblems() {}
}
