package dev.postern.bench;

import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Texts of 4 KB: prose without any value, and letters that hold one in nearly every sentence.
final class RedactionTexts {
    private static final int LENGTH = 4096;
    /// With names of people, places and an organisation.
    static final String SENTENCE =
            "Yesterday Maria Schneider and her colleague Tom Baker of Acme Corporation flew from Berlin to Lisbon.";

    private static final String PROSE =
            "The committee met again on the second floor to talk about the new library, and nobody could agree on where"
                    + " the reading room should go. Some wanted it near the garden, others thought the light in the"
                    + " north hall was better for old maps. After lunch they walked through the building together,"
                    + " counting windows and measuring doors, while the architect explained why the stairs had to stay"
                    + " where they were. It rained most of the afternoon. ";
    private static final List<String> SENTENCES = List.of(
            "Please write to jane.doe%02d@mail.example.org, and then we go on with the meeting as planned. ",
            "You can call (212) 555-01%02d and more about that comes later on in the text. ",
            "From abroad dial +49 30 9018%02d and ask for the second floor of the building. ",
            "The card was 4111 1111 1111 1111 and it was charged %d times last month. ",
            "Pay into DE89 3704 0044 0532 0130 00 before the end of week %d of the year. ",
            "The request came from host 192.0.2.%d and was answered without any delay. ",
            "His social security number is 536-90-43%02d as far as the file can tell us. ",
            "All of it is written down at https://www.example.org/path/%d for everyone. ",
            "The letter is dated 2024-05-%02d and was sent on the same day by ordinary post. ",
            "The adapter 00:1A:2B:3C:4D:%02d does not answer since the cable was replaced. ",
            "The token ghp_16C7e42F292c6912E7710c838347Ae178B%02d has to be changed by tomorrow. ",
            "He lives at %d Baker Street and has done so for as long as anybody remembers. ");

    private static final String GERMAN =
            "Das Komitee traf sich am Morgen wieder, um über die neue Brücke zu sprechen. Niemand wollte zuerst reden,"
                    + " also warteten sie, und der Regen hörte nicht auf. ";
    private static final String RUSSIAN =
            "Комитет снова собрался утром, чтобы обсудить новый мост. Никто не хотел говорить первым, поэтому они"
                    + " ждали, а дождь всё шёл. ";
    private static final String CHINESE = "委员会早上又开会讨论新桥的问题。没有人想第一个发言，所以他们等着，雨还在下。";
    private static final String CODE =
            "public static void main(String[] args) { var token = System.getenv(\"TOKEN\"); for (int i = 0; i <"
                    + " args.length; i++) { process(args[i], token); } } // see https://example.org/docs/a_b\n";
    private static final String JSON =
            "{\"order\":{\"id\":48213,\"state\":\"packed\",\"lines\":[{\"sku\":\"A-17\",\"quantity\":3,\"price\":12.5},"
                    + "{\"sku\":\"B-204\",\"quantity\":1,\"price\":230.0}],\"note\":\"leave it at the door\"}}\n";

    private RedactionTexts() {}

    /// Twenty rules as a tenant may write them: numbers of its own, some that only a context word makes one.
    static JsonNode tenantsPack() {
        String rules = IntStream.range(0, 10).mapToObj(i -> """
                        {"id": "reference-%1$d", "entity": "CUSTOM_REFERENCE", "pattern": "[A-Z]{2,4}%1$d-?\\\\d{4,8}",
                         "score": 0.8, "examples": ["«AB%1$d-12345»"]},
                        {"id": "number-%1$d", "entity": "CUSTOM_NUMBER", "pattern": "%1$d\\\\d{7}", "score": 0.1,
                         "context-score": 0.8, "context": ["contract", "customer no", "case %1$d"],
                         "examples": ["contract «%1$d1234567»"]}
                        """.formatted(i)).collect(Collectors.joining(","));
        return new JsonMapper().readTree("""
                {"entities": {"CUSTOM_REFERENCE": {"kind": "REFERENCE", "action": "pseudonymise"},
                              "CUSTOM_NUMBER": {"kind": "NUMBER", "action": "pseudonymise"}},
                 "rules": [%s]}
                """.formatted(rules));
    }

    /// A text of 4,096 characters by its name.
    static String of(String name) {
        return switch (name) {
            case "prose" -> prose();
            case "values" -> dense();
            case "german" -> repeated(GERMAN);
            case "russian" -> repeated(RUSSIAN);
            case "chinese" -> repeated(CHINESE);
            case "code" -> repeated(CODE);
            case "json" -> repeated(JSON);
            case "base64" -> base64();
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static String repeated(String unit) {
        return unit.repeat(LENGTH / unit.length() + 1).substring(0, LENGTH);
    }

    private static String base64() {
        byte[] octets = new byte[LENGTH / 4 * 3];
        new Random(3).nextBytes(octets);
        return Base64.getEncoder().encodeToString(octets);
    }

    /// Sixteen times as long.
    static String longProse() {
        return prose().repeat(16);
    }

    static String prose() {
        return repeated(PROSE);
    }

    static String dense() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; text.length() < LENGTH; i++) {
            text.append(String.format(Locale.ROOT, SENTENCES.get(i % SENTENCES.size()), 10 + i * 7 % 19));
        }
        return text.substring(0, LENGTH);
    }
}
