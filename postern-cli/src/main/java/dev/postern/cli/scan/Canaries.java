package dev.postern.cli.scan;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/// Made-up personal data, new in each run and valid in form (checksums and all), so that finding any of it anywhere
/// proves a leak of this run.
///
/// @param marker harmless words that may reach the model and identify this run's requests there, but may not reach a
/// disk
public record Canaries(String marker, String name, String email, String card, String iban, String phone) {
    /// Adverbs: nouns in a row may be taken for a name or a place.
    private static final List<String> WORDS =
            List.of("gently", "seldom", "twice", "evenly", "barely", "often", "surely", "almost", "quietly", "again");
    private static final List<String> FIRST_NAMES = List.of("James", "Margaret", "Robert", "Patricia", "Michael");
    private static final List<String> LAST_NAMES = List.of("Wilson", "Anderson", "Thompson", "Martinez", "Robinson");

    public static Canaries draw(SecureRandom random) {
        StringBuilder marker = new StringBuilder("route");
        for (int i = 0; i < 6; i++) {
            marker.append(' ').append(WORDS.get(random.nextInt(WORDS.size())));
        }
        return new Canaries(
                marker.toString(),
                FIRST_NAMES.get(random.nextInt(FIRST_NAMES.size())) + " "
                        + LAST_NAMES.get(random.nextInt(LAST_NAMES.size())),
                "ines." + hex(random) + "@" + hex(random) + "-mail.com",
                card(random),
                iban(random),
                "+1 212 5" + digits(random, 2) + " " + digits(random, 4));
    }

    /// A prompt that holds all of it.
    public String prompt() {
        return "Delivery " + marker + ": my name is " + name + ", write to " + email + ", card " + card + ", account "
                + iban + ", phone " + phone + ".";
    }

    /// What no model may be sent.
    public List<String> personal() {
        return List.of(name, email, card, iban, phone);
    }

    /// What no disk may hold.
    public List<String> unwritable() {
        return List.of(marker, email, card, iban, phone);
    }

    @Override
    public String toString() {
        return "Canaries";
    }

    private static String card(SecureRandom random) {
        String body = "4" + digits(random, 14);
        int sum = 0;
        for (int i = 0; i < body.length(); i++) {
            int digit = body.charAt(body.length() - 1 - i) - '0';
            int weighted = i % 2 == 0 ? digit * 2 : digit;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }
        return body + (10 - sum % 10) % 10;
    }

    /// A German account: 18 digits; the check number makes the rearranged number 1 modulo 97 (ISO 13616).
    private static String iban(SecureRandom random) {
        String account = digits(random, 18);
        int rest =
                new BigInteger(account + "131400").mod(BigInteger.valueOf(97)).intValue();
        return "DE" + "%02d".formatted(98 - rest) + account;
    }

    private static String digits(SecureRandom random, int count) {
        StringBuilder digits = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            digits.append((char) ('0' + (i == 0 ? 1 + random.nextInt(9) : random.nextInt(10))));
        }
        return digits.toString();
    }

    private static String hex(SecureRandom random) {
        byte[] bytes = new byte[4];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
