package dev.postern.session;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import org.conscrypt.HpkeContextRecipient;

/// An OPEN that passed the cheap checks. Before [#open] the caller limits the sender's rate and claims [#replayKey]
/// in its store for 180 s; a relay that skips this can be kept busy with decapsulations. For one thread at a time.
public final class UnopenedOffer {
    private final RelayHandshake relay;
    private final RelayKey key;
    private final byte[] header;
    private final byte[] enc1;
    private final byte[] ct1;
    private boolean unauthentic;

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

    /// Whether [#open] found octets that nobody sealed to the key. For whoever counts them here; it says nothing to the
    /// sender.
    public boolean isUnauthentic() {
        return unauthentic;
    }

    /// Decapsulates and opens. What does not open costs the same work whatever is wrong with it, while its key lives.
    ///
    /// @throws HandshakeRefused always with `open-rejected`
    public OpenedOffer open() throws HandshakeRefused {
        byte[] kcd = key.config().digest();
        byte[] body = null;
        try {
            HpkeContextRecipient context = key.decapsulate(enc1, Transcript.openInfo(kcd, header));
            body = authentic(context);
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

    private byte[] authentic(HpkeContextRecipient context) throws GeneralSecurityException {
        try {
            return context.open(ct1, Transcript.openAad(header, enc1));
        } catch (GeneralSecurityException e) {
            unauthentic = true;
            throw e;
        }
    }
}
