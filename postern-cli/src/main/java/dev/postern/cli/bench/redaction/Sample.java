package dev.postern.cli.bench.redaction;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// What redaction is asked for.
enum Sample {
    /// What is answered without a look at any text: the way there and back, alone.
    ECHO("echo"),
    STRUCTURED("4 KB with values"),
    PROSE("1 KB of prose"),
    /// One event of a streamed answer after the other, with four characters each.
    CHUNK("4-byte chunk");

    private static final int KILOBYTE = 1_024;
    private static final int CHUNK_LENGTH = 4;
    private static final String SENTENCES =
            "The committee met again on the second floor to talk about the new library, and nobody could agree on where"
                    + " the reading room should go. Some wanted it near the garden, others thought the light in the"
                    + " north hall was better for old maps. After lunch they walked through the building together,"
                    + " counting windows and measuring doors, while the architect explained why the stairs had to stay"
                    + " where they were. It rained most of the afternoon. ";
    private static final List<String> RECORDS = List.of(
            "Please write to jane.doe%02d@mail.example.org, and then we go on with the meeting as planned. ",
            "You can call (212) 555-01%02d and more about that comes later on in the text. ",
            "The card was 4111 1111 1111 1111 and it was charged %d times last month. ",
            "Pay into DE89 3704 0044 0532 0130 00 before the end of week %d of the year. ",
            "The request came from host 192.0.2.%d and was answered without any delay. ",
            "His social security number is 536-90-43%02d as far as the file can tell us. ",
            "The adapter 00:1A:2B:3C:4D:%02d does not answer since the cable was replaced. ",
            "From abroad dial +49 30 9018%02d and ask for the second floor of the building. ");

    private final String label;

    Sample(String label) {
        this.label = label;
    }

    /// As figures name it.
    String label() {
        return label;
    }

    /// The text; of chunks, all of them together. ASCII.
    String text() {
        return switch (this) {
            case ECHO -> "";
            case STRUCTURED -> records();
            case PROSE -> prose(KILOBYTE);
            case CHUNK -> prose(4 * KILOBYTE);
        };
    }

    /// The pieces of a streamed answer.
    static List<String> chunks() {
        String text = CHUNK.text();
        return IntStream.iterate(0, at -> at < text.length(), at -> at + CHUNK_LENGTH)
                .mapToObj(at -> text.substring(at, at + CHUNK_LENGTH))
                .toList();
    }

    private static String prose(int length) {
        return SENTENCES.repeat(length / SENTENCES.length() + 1).substring(0, length);
    }

    private static String records() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; text.length() < 4 * KILOBYTE; i++) {
            text.append(String.format(Locale.ROOT, RECORDS.get(i % RECORDS.size()), 10 + i));
        }
        return text.substring(0, 4 * KILOBYTE);
    }
}
