package dev.postern.archive;

import dev.postern.session.NotAuthentic;
import dev.postern.session.RecipientKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;

/// A custodian's private key: opens shares and signs decisions. It belongs to a person, not to a machine of the
/// platform. Prints nothing.
public final class CustodianKey implements AutoCloseable {
    private static final String LABEL = "postern-custodian-private-key-1";
    private static final int WORDS = 6;

    private final Custodian custodian;
    private final RecipientKey recipient;
    private final PrivateKey signing;

    private CustodianKey(Custodian custodian, RecipientKey recipient, PrivateKey signing) {
        this.custodian = custodian;
        this.recipient = recipient;
        this.signing = signing;
    }

    public static CustodianKey generate(String name, SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
            generator.initialize(255, random);
            KeyPair pair = generator.generateKeyPair();
            RecipientKey recipient = RecipientKey.generate();
            return new CustodianKey(
                    new Custodian(name, recipient.publicKey(), pair.getPublic()), recipient, pair.getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }

    /// The inverse of [#insecureLine].
    ///
    /// @return nothing when it is something else, or its halves do not fit
    public static Optional<CustodianKey> parse(String line) {
        String[] words = line.strip().split(" ", -1);
        if (words.length != WORDS || !words[0].equals(LABEL)) {
            return Optional.empty();
        }
        return Custodian.parse(Custodian.lineOf(words[1], words[2], words[3])).flatMap(custodian -> {
            Optional<RecipientKey> recipient = RecipientKey.parse(custodian.recipient(), words[4]);
            Optional<PrivateKey> signing = signing(words[5]);
            return recipient.isPresent() && signing.isPresent()
                    ? Optional.of(new CustodianKey(custodian, recipient.get(), signing.get()))
                            .filter(CustodianKey::fits)
                    : Optional.empty();
        });
    }

    private static Optional<PrivateKey> signing(String text) {
        try {
            byte[] octets = Base64.getUrlDecoder().decode(text);
            return Optional.of(KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(octets)));
        } catch (GeneralSecurityException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private boolean fits() {
        OpeningDecision probe = new OpeningDecision("probe", OpeningDecision.Kind.REFUSED, "");
        return custodian.made(probe, sign(probe));
    }

    public Custodian custodian() {
        return custodian;
    }

    /// The secrets themselves, on one line: for the one file that keeps them.
    public String insecureLine() {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String[] halves = custodian.line().split(" ", -1);
        return String.join(
                " ",
                LABEL,
                custodian.name(),
                halves[2],
                halves[3],
                recipient.insecureEncoded(),
                base64.encodeToString(signing.getEncoded()));
    }

    /// This custodian's share of a body.
    ///
    /// @param label what the body is: the share opens under the one that it was sealed with
    /// @throws CannotOpen when the portion is another custodian's or of another body or label, or was altered
    public Share share(SealedBody.Portion portion, String label) throws IOException {
        if (!portion.custodian().equals(custodian.name())) {
            throw new CannotOpen("the share is " + portion.custodian() + "'s, not " + custodian.name() + "'s");
        }
        try (InputStream in = recipient.open(new ByteArrayInputStream(portion.sealed()), portion.context(label))) {
            return Share.read(portion.x(), in);
        } catch (NotAuthentic _) {
            throw new CannotOpen("the share was not sealed to this key of " + custodian.name()
                    + " as one of this body, or was altered");
        }
    }

    /// A signature over a decision.
    public byte[] sign(OpeningDecision decision) {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(signing);
            signer.update(decision.statement(custodian.name()));
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }

    @Override
    public void close() {
        recipient.close();
    }

    @Override
    public String toString() {
        return "CustodianKey[" + custodian + "]";
    }
}
