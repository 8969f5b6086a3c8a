package dev.postern.redact.vectorscan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class VectorscanTest {
    private static final List<PatternDatabase.Expression> EXPRESSIONS = List.of(
            new PatternDatabase.Expression("a[0-9]", 0),
            new PatternDatabase.Expression("\\x80b", 1),
            new PatternDatabase.Expression("bc", 2),
            new PatternDatabase.Expression("bd", 2));

    @Test
    void itIsTheVersionThatRulesAreTestedWith() throws VectorscanUnavailable {
        assertThat(Vectorscan.load().version()).startsWith("5.4.12 ");
    }

    @Test
    void platformWithoutLibraryIsNamed() {
        assertThatThrownBy(() -> LibraryImage.load("linux-mips"))
                .isInstanceOf(VectorscanUnavailable.class)
                .hasMessage("its library for linux-mips is not on the class path");
    }

    /// It is mapped from memory: no file that somebody could have exchanged.
    @Test
    void libraryHasNoPath() throws VectorscanUnavailable, IOException {
        Vectorscan.load();
        assertThat(Files.readAllLines(Path.of("/proc/self/maps")))
                .filteredOn(line -> line.contains("libhs"))
                .isNotEmpty()
                .allMatch(line -> line.contains("/memfd:libhs (deleted)"));
    }

    @Test
    void matchesAreReportedByExpressionAndEnd() throws VectorscanUnavailable {
        WorkingMemory memory = new WorkingMemory(database(PatternDatabase.Mode.BLOCK), 64);
        assertThat(seen(memory.scan(bytes("xa1 \u0080bc a2"), 10))).containsExactly("0@3", "1@6", "2@7", "0@10");
        assertThat(seen(memory.scan(bytes("bd"), 2))).containsExactly("2@2");
        assertThat(seen(memory.scan(bytes("bcbc"), 2))).containsExactly("2@2");
        assertThat(seen(memory.scan(bytes(""), 0))).isEmpty();
    }

    @Test
    void streamsGoOnWhereTheirLastPieceEnded() throws VectorscanUnavailable {
        PatternDatabase database = database(PatternDatabase.Mode.STREAM);
        assertThat(database.streamSize()).isPositive().isLessThan(1_024);
        WorkingMemory memory = new WorkingMemory(database, 64);
        try (PatternStream one = new PatternStream(database);
                PatternStream other = new PatternStream(database)) {
            assertThat(seen(one.feed(bytes("xa"), 2, memory))).isEmpty();
            assertThat(seen(other.feed(bytes("1b"), 2, memory))).isEmpty();
            assertThat(seen(one.feed(bytes("1bc"), 3, memory))).containsExactly("0@3", "2@5");
            assertThat(seen(other.feed(bytes("c"), 1, memory))).containsExactly("2@3");
        }
    }

    @Test
    void closedStreamsAndOtherModesAreRefused() throws VectorscanUnavailable {
        PatternDatabase blocks = database(PatternDatabase.Mode.BLOCK);
        PatternDatabase streams = database(PatternDatabase.Mode.STREAM);
        WorkingMemory memory = new WorkingMemory(streams, 4);
        assertThatThrownBy(() -> new PatternStream(blocks)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> memory.scan(bytes("a"), 1)).isInstanceOf(IllegalArgumentException.class);
        PatternStream closed = new PatternStream(streams);
        closed.close();
        closed.close();
        assertThatThrownBy(() -> closed.feed(bytes("a"), 1, memory)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void moreBytesThanThereIsRoomForAreRefused() throws VectorscanUnavailable {
        WorkingMemory memory = new WorkingMemory(database(PatternDatabase.Mode.BLOCK), 4);
        assertThatThrownBy(() -> memory.scan(bytes("abcde"), 5)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void expressionThatDoesNotCompileIsNamed() throws VectorscanUnavailable {
        Vectorscan library = Vectorscan.load();
        List<PatternDatabase.Expression> wrong =
                List.of(new PatternDatabase.Expression("a", 7), new PatternDatabase.Expression("(b", 8));
        assertThatThrownBy(() -> PatternDatabase.compile(library, wrong, PatternDatabase.Mode.BLOCK))
                .isInstanceOf(VectorscanUnavailable.class)
                .hasMessageStartingWith("it does not compile expression 1: ");
    }

    private static PatternDatabase database(PatternDatabase.Mode mode) throws VectorscanUnavailable {
        return PatternDatabase.compile(Vectorscan.load(), EXPRESSIONS, mode);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static List<String> seen(Hits hits) {
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < hits.count(); i++) {
            seen.add(hits.expression(i) + "@" + hits.end(i));
        }
        return seen;
    }
}
