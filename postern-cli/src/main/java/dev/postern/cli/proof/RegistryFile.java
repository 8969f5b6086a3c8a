package dev.postern.cli.proof;

import dev.postern.kms.envelope.NotOpened;
import dev.postern.kms.envelope.SealedRecord;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/// Looks into the registry's H2 file without opening it: for sealed records, whose form it reads, and for words that
/// every value had before it was sealed.
final class RegistryFile {
    /// Members of the documents that sealed columns hold, and the beginning of a hashed secret.
    private static final List<String> TELL_TALES = List.of(
            "\"kty\"",
            "\"x5t#S256\"",
            "\"subject_dn\"",
            "\"sensitivity_clearance\"",
            "\"token_lifetime_s\"",
            "\"bindings\"",
            "\"minimum_epoch\"",
            "\"jwks_uri\"",
            "$2a$",
            "$2b$");
    private static final byte[] PREFIX = SealedRecord.TEXT_PREFIX.getBytes(StandardCharsets.US_ASCII);
    private static final int FEWEST_DIGITS = 60;

    private final String name;
    private final byte[] content;
    private final List<Finding> findings = new ArrayList<>();
    private final ByteArrayOutputStream ciphertext = new ByteArrayOutputStream();
    private final SortedSet<Integer> generations = new TreeSet<>();
    private int records;

    RegistryFile(String name, byte[] content) {
        this.name = name;
        this.content = content;
    }

    StoreEvidence examine() {
        lookForTellTales();
        readRecords();
        if (records == 0) {
            findings.add(new Finding(name, 0, "no sealed record: a registry always has some"));
        } else if (!Entropy.mayBeRandom(ciphertext.toByteArray())) {
            findings.add(new Finding(name, 0, "what the sealed records hold does not look like ciphertext"));
        }
        return new StoreEvidence(
                Store.REGISTRY,
                String.format(
                        Locale.ROOT,
                        "%d sealed records, data keys %s, %.2f bits of entropy per octet; no word of what they seal",
                        records,
                        generations,
                        Entropy.bitsPerOctet(ciphertext.toByteArray())),
                findings);
    }

    private void lookForTellTales() {
        for (String word : TELL_TALES) {
            int at = indexOf(word.getBytes(StandardCharsets.US_ASCII), 0);
            if (at >= 0) {
                findings.add(new Finding(name, at, "a document in the clear"));
            }
        }
    }

    private void readRecords() {
        for (int at = indexOf(PREFIX, 0); at >= 0; at = indexOf(PREFIX, at + 1)) {
            int end = at + PREFIX.length;
            while (end < content.length && isDigit(content[end])) {
                end++;
            }
            // The page goes on behind a record, with whatever octets: whole groups of four are the record's.
            int digits = (end - at - PREFIX.length) / 4 * 4;
            if (digits < FEWEST_DIGITS) {
                continue; // the prefix by chance
            }
            read(at, new String(content, at, PREFIX.length + digits, StandardCharsets.US_ASCII));
        }
    }

    private void read(int at, String text) {
        try {
            SealedRecord sealed = SealedRecord.parse(text);
            generations.add(sealed.generation());
            ciphertext.writeBytes(sealed.ciphertext());
            records++;
        } catch (NotOpened _) {
            findings.add(new Finding(name, at, "a sealed record of unknown form"));
        }
    }

    private static boolean isDigit(byte octet) {
        return (octet >= 'A' && octet <= 'Z')
                || (octet >= 'a' && octet <= 'z')
                || (octet >= '0' && octet <= '9')
                || octet == '-'
                || octet == '_';
    }

    private int indexOf(byte[] wanted, int from) {
        for (int i = from; i <= content.length - wanted.length; i++) {
            int matched = 0;
            while (matched < wanted.length && content[i + matched] == wanted[matched]) {
                matched++;
            }
            if (matched == wanted.length) {
                return i;
            }
        }
        return -1;
    }
}
