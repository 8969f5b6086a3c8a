package dev.postern.archive;

import dev.postern.session.RecipientPublicKey;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// One who may open sealed bodies together with another: a person, by name, and the public halves of their key.
///
/// @param name of the person as tokens and certificates name them; a letter or digit, then up to 62 letters, digits and
/// `.@/_-`
/// @param recipient to whom shares are sealed
/// @param signing verifies the person's decisions (Ed25519)
public record Custodian(String name, RecipientPublicKey recipient, PublicKey signing) {
    private static final String LABEL = "postern-custodian-public-key-1";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.@/_-]{0,62}");
    private static final int WORDS = 4;

    public Custodian {
        if (!isName(name)) {
            throw new IllegalArgumentException("a custodian's name is of letters, digits and .@/_-, 63 at most");
        }
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /// The inverse of [#line].
    ///
    /// @return nothing when it is something else
    public static Optional<Custodian> parse(String line) {
        String[] words = line.strip().split(" ", -1);
        if (words.length != WORDS || !words[0].equals(LABEL) || !isName(words[1])) {
            return Optional.empty();
        }
        return RecipientPublicKey.parse(words[2])
                .flatMap(recipient -> signing(words[3]).map(signing -> new Custodian(words[1], recipient, signing)));
    }

    /// Lines as [#line], empty ones and those that begin with `#` left out.
    ///
    /// @throws IllegalArgumentException with the number of the line at fault
    static List<Custodian> parseAll(List<String> lines) {
        List<Custodian> all = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int number = i + 1;
            all.add(parse(line)
                    .orElseThrow(
                            () -> new IllegalArgumentException("line " + number + " is no public key of a custodian")));
        }
        return all;
    }

    private static Optional<PublicKey> signing(String text) {
        try {
            byte[] octets = Base64.getUrlDecoder().decode(text);
            return Optional.of(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(octets)));
        } catch (GeneralSecurityException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// One line for a file: label, name, both public keys.
    public String line() {
        String key = Base64.getUrlEncoder().withoutPadding().encodeToString(signing.getEncoded());
        return lineOf(name, recipient.encoded(), key);
    }

    static String lineOf(String name, String recipient, String signing) {
        return String.join(" ", LABEL, name, recipient, signing);
    }

    /// Whether this custodian made the decision.
    public boolean made(OpeningDecision decision, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(signing);
            verifier.update(decision.statement(name));
            return verifier.verify(signature);
        } catch (InvalidKeyException | SignatureException _) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }

    @Override
    public String toString() {
        return "Custodian[" + name + ", " + recipient.name() + "]";
    }
}
