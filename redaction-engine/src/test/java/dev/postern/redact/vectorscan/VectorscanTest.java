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
    private static final List<String> EXPRESSIONS = List.of("a[0-9]", "\\x80b", "bc");

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
        PatternDatabase database = database();
        WorkingMemory memory = new WorkingMemory(database, 64);
        assertThat(seen(memory.scan(bytes("xa1 \u0080bc a2"), 10))).containsExactly("0@3", "1@6", "2@7", "0@10");
        assertThat(seen(memory.scan(bytes("bcbc"), 2))).containsExactly("2@2");
        assertThat(seen(memory.scan(bytes(""), 0))).isEmpty();
    }

    @Test
    void moreBytesThanThereIsRoomForAreRefused() throws VectorscanUnavailable {
        WorkingMemory memory = new WorkingMemory(database(), 4);
        assertThatThrownBy(() -> memory.scan(bytes("abcde"), 5)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void expressionThatDoesNotCompileIsNamed() throws VectorscanUnavailable {
        Vectorscan library = Vectorscan.load();
        assertThatThrownBy(() -> PatternDatabase.compile(library, List.of("a", "(b")))
                .isInstanceOf(VectorscanUnavailable.class)
                .hasMessageStartingWith("it does not compile expression 1: ");
    }

    private static PatternDatabase database() throws VectorscanUnavailable {
        return PatternDatabase.compile(Vectorscan.load(), EXPRESSIONS);
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
