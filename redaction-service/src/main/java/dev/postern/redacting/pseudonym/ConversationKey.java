package dev.postern.redacting.pseudonym;

import dev.postern.kms.envelope.RecordKey;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/// The random key of one conversation, and what is derived from it: one key for pseudonyms, one for the names of
/// records and one that seals them. Prints nothing.
final class ConversationKey {
    private static final int BYTES = 32;
    private static final int NAME_BYTES = 16;

    private final byte[] material;
    private final PseudonymKey pseudonyms;
    private final PseudonymKey fields;
    private final RecordKey records;
    private final String id;

    private ConversationKey(byte[] material) {
        this.material = material;
        PseudonymKey key = PseudonymKey.of(material);
        this.pseudonyms = key.derive("pseudonyms");
        this.fields = key.derive("fields");
        this.records = new RecordKey(key.fingerprint("records"));
        this.id = name(key.fingerprint("id"));
    }

    static ConversationKey generate(SecureRandom random) {
        byte[] material = new byte[BYTES];
        random.nextBytes(material);
        return new ConversationKey(material);
    }

    /// The inverse of [#encoded].
    static ConversationKey of(String encoded) {
        return new ConversationKey(Base64.getUrlDecoder().decode(encoded));
    }

    /// To be sealed.
    String encoded() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(material);
    }

    /// Which key it is, however it is sealed.
    String id() {
        return id;
    }

    String candidate(Original original, int attempt) {
        return pseudonyms.candidate(original, attempt);
    }

    /// Under what a pseudonym's record lies.
    String field(String pseudonym) {
        return name(fields.fingerprint("field", pseudonym));
    }

    RecordKey records() {
        return records;
    }

    private static String name(byte[] fingerprint) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(fingerprint, NAME_BYTES));
    }

    @Override
    public String toString() {
        return "ConversationKey[hidden]";
    }
}
