package dev.postern.redact.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Supplier;

/// Feeds one text to fresh streams in many ways. Whatever was given out after any piece must be a beginning of what the
/// whole text becomes.
final class Cutting {
    private final Supplier<RedactingStream> streams;

    Cutting(Supplier<RedactingStream> streams) {
        this.streams = streams;
    }

    void everywhere(String text, String expected) {
        everyFew(text, expected, 1);
    }

    /// Character by character, whole, and cut in two at every so many places.
    void everyFew(String text, String expected, int step) {
        inPieces(text, Math.max(1, text.length()), expected);
        inPieces(text, 1, expected);
        for (int cut = 1; cut < text.length(); cut += step) {
            RedactingStream stream = streams.get();
            String early = stream.feed(text.substring(0, cut));
            assertThat(expected).as("cut at %d", cut).startsWith(early);
            assertThat(early + stream.feed(text.substring(cut)) + stream.finish())
                    .as("cut at %d", cut)
                    .isEqualTo(expected);
        }
    }

    void inPieces(String text, int size, String expected) {
        RedactingStream stream = streams.get();
        StringBuilder out = new StringBuilder();
        for (int at = 0; at < text.length(); at += size) {
            out.append(stream.feed(text.substring(at, Math.min(text.length(), at + size))));
            assertThat(expected.startsWith(out.toString()))
                    .as("pieces of %d, after %d", size, at)
                    .isTrue();
        }
        assertThat(out.append(stream.finish()).toString())
                .as("pieces of %d", size)
                .isEqualTo(expected);
    }
}
