package dev.postern.session;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import org.conscrypt.HpkeContextRecipient;

/// An OPEN that passed the cheap checks. Before [#open] the caller limits the sender's rate and claims [#replayKey]
/// in its store for 180 s; a relay that skips this can be kept busy with decapsulations.
public final class UnopenedOffer {
    private final RelayHandshake relay;
    private final RelayKey key;
    private final byte[] header;
    private final byte[] enc1;
    private final byte[] ct1;

    UnopenedOffer(RelayHandshake relay, RelayKey key, byte[] header, byte[] enc1, byte[] ct1) {
        this.relay = relay;
        this.key = key;
        this.header = header;
        this.enc1 = enc1;
        this.ct1 = ct1;
    }

    /// The key the offer is sealed to.
    public KeyId keyId() {
        return key.id();
    }

    public Suite suite() {
        return key.suite();
    }

    /// `SHA-256(enc1)` in hexadecimal: seen once, never again.
    public String replayKey() {
        return HexFormat.of().formatHex(Hashing.sha256(enc1));
    }

    /// Decapsulates and opens. What does not open costs the same work whatever is wrong with it.
    ///
    /// @throws HandshakeRefused always with `open-rejected`
    public OpenedOffer open() throws HandshakeRefused {
        byte[] kcd = key.config().digest();
        byte[] body = null;
        try {
            HpkeContextRecipient context = key.decapsulate(enc1, Transcript.openInfo(kcd, header));
            body = context.open(ct1, Transcript.openAad(header, enc1));
            OpenBody parsed = OpenBody.parse(key.suite(), body);
            OpenParameters parameters = OpenParameters.parse(parsed.parameters());
            ExpectedProof expected = new ExpectedProof(
                    ExpectedProof.METHOD,
                    key.config().audience(),
                    ProofKey.tokenHash(parameters.token()),
                    Base64Url.encode(Arrays.copyOfRange(header, header.length - Challenges.LENGTH, header.length)),
                    Base64Url.encode(Transcript.proofHash(header, enc1, kcd, parsed.signed())));
            return new OpenedOffer(
                    relay,
                    key.suite(),
                    parsed,
                    parameters,
                    expected,
                    Transcript.afterOpen(header, enc1, ct1),
                    context.export(KeySchedule.SECRET_LENGTH, Transcript.EXPORT_LABEL));
        } catch (GeneralSecurityException | MalformedContent | IllegalStateException _) {
            // IllegalState: the key was rotated out and erased between the lookup and here.
            throw new HandshakeRefused(Refusal.OPEN_REJECTED);
        } finally {
            if (body != null) {
                Arrays.fill(body, (byte) 0);
            }
        }
    }
}
