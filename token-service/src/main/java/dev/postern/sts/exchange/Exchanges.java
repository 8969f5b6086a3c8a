package dev.postern.sts.exchange;

import dev.postern.sts.refusal.Refusal;

/// Decides which exchanges are made (RFC 8693). A client may exchange
/// - its own tokens, and those of clients it is registered to act for, when it proves what they are bound to;
/// - as a service of the platform, tokens that were made for it to receive: it verified their binding itself;
/// - tokens of foreign issuers it is registered for.
public final class Exchanges {

    private final OwnSubjects own;
    private final ForeignSubjects foreign;

    Exchanges(OwnSubjects own, ForeignSubjects foreign) {
        this.own = own;
        this.foreign = foreign;
    }

    /// The most that the exchange may give.
    public Ceiling ceiling(SubjectToken token, Exchanger by) {
        if (!by.client().policy().exchange().allowed()) {
            throw Refusal.UNAUTHORIZED_CLIENT.because("exchange-not-allowed");
        }
        return switch (token.type()) {
            case SubjectToken.ACCESS_TOKEN -> own.ceiling(token.compact(), by);
            case SubjectToken.JWT, SubjectToken.ID_TOKEN -> foreign.ceiling(token.compact(), by);
            default -> throw Refusal.INVALID_REQUEST.because("exchange-token-type");
        };
    }
}
