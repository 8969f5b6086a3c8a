package dev.postern.session;

import java.security.InvalidKeyException;
import java.util.Arrays;
import org.conscrypt.HpkeContextSender;

/// An OPEN this relay could read. It proves nothing about its sender yet: verify [#token] (signature, audience,
/// expiry, revocation) and [#proof] (signed by the key in the token's `cnf`, saying what [#expectedProof] says, its
/// `jti` never seen), then apply policy, then [#accept].
public final class OpenedOffer implements AutoCloseable {
    private final RelayHandshake relay;
    private final Suite suite;
    private final OpenBody body;
    private final OpenParameters parameters;
    private final ExpectedProof expectedProof;
    private final byte[] th1;
    private final byte[] exp1;
    private boolean over;

    OpenedOffer(
            RelayHandshake relay,
            Suite suite,
            OpenBody body,
            OpenParameters parameters,
            ExpectedProof expectedProof,
            byte[] th1,
            byte[] exp1) {
        this.relay = relay;
        this.suite = suite;
        this.body = body;
        this.parameters = parameters;
        this.expectedProof = expectedProof;
        this.th1 = th1;
        this.exp1 = exp1;
    }

    /// What the client asks for. Unverified until the token and the proof are.
    public OpenParameters parameters() {
        return parameters;
    }

    /// The access token for this relay's audience.
    public String token() {
        return parameters.token();
    }

    /// The compact JWS that proves possession of the token's key.
    public String proof() {
        return body.proof();
    }

    public ExpectedProof expectedProof() {
        return expectedProof;
    }

    /// Grants a session. Only after token, proof and policy said yes; once.
    ///
    /// @throws HandshakeRefused with `open-rejected` when the client's ephemeral key is unusable
    public Accepted accept(SessionTerms terms) throws HandshakeRefused {
        if (over) {
            throw new IllegalStateException("an offer is answered once");
        }
        try {
            return answer(terms);
        } finally {
            close();
        }
    }

    private Accepted answer(SessionTerms terms) throws HandshakeRefused {
        SessionId id = SessionId.random(relay.random());
        byte[] header = Transcript.acceptHeader(id);
        HpkeContextSender context;
        try {
            context = Hpke.sender(suite, body.clientKey(), Transcript.acceptInfo(th1));
        } catch (InvalidKeyException _) {
            throw new HandshakeRefused(Refusal.OPEN_REJECTED);
        }
        byte[] enc2 = context.getEncapsulated();
        byte[] granted = new AcceptBody(
                        relay.clock().instant(), terms, relay.challenges().issue())
                .toJson();
        byte[] ct2 = context.seal(granted, Transcript.acceptAad(header, enc2, th1));
        byte[] exp2 = context.export(KeySchedule.SECRET_LENGTH, Transcript.EXPORT_LABEL);
        byte[] th2 = Transcript.afterAccept(th1, header, enc2, ct2);
        try (Secret prk = KeySchedule.masterSecret(th2, exp1, exp2)) {
            Arrays.fill(exp2, (byte) 0);
            byte[] message = Hashing.concatenate(header, enc2, ct2, KeySchedule.relayFinish(prk, th2));
            SealedSession session = new SealedSession(
                    id,
                    Role.RELAY,
                    KeySchedule.firstEpoch(prk),
                    terms,
                    terms.expires().toEpochMilli(),
                    relay.clock());
            return new Accepted(message, session);
        }
    }

    /// Refuses: erases what was derived.
    @Override
    public void close() {
        over = true;
        Arrays.fill(exp1, (byte) 0);
    }
}
