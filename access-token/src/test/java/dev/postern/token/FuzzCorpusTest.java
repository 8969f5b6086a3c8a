package dev.postern.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.test.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the fuzzers' corpora call genuine is accepted, so that the rest fails for its own reasons; none of the
/// rest is. What a proof's key says of itself beside its point counts for nothing, not even when it is over.
final class FuzzCorpusTest {
    private static final Path RESOURCES =
            ProjectFiles.root().resolve("access-token/src/test/resources/dev/postern/token");

    @Test
    void tokensWhenGenuineThenAcceptedAndNoOthers() throws IOException {
        requireGenuineOnly("AccessTokenFuzzTestInputs/aTokenIsRefusedOrGood", AccessTokenFuzzTest::take);
    }

    @Test
    void proofsWhenGenuineThenAcceptedAndNoOthers() throws IOException {
        requireGenuineOnly("DpopProofFuzzTestInputs/aProofIsRefusedOrGood", DpopProofFuzzTest::take);
    }

    private static void requireGenuineOnly(String corpus, Predicate<byte[]> parser) throws IOException {
        List<String> genuine = new ArrayList<>();
        List<String> others = new ArrayList<>();
        List<String> accepted = new ArrayList<>();
        for (Path file : files(corpus)) {
            String name = file.getFileName().toString();
            (name.startsWith("genuine") ? genuine : others).add(name);
            if (parser.test(Files.readAllBytes(file))) {
                accepted.add(name);
            }
        }
        assertThat(accepted).containsExactlyInAnyOrderElementsOf(genuine);
        assertThat(genuine).hasSizeGreaterThan(2);
        assertThat(others).hasSizeGreaterThan(20);
    }

    private static List<Path> files(String corpus) throws IOException {
        try (Stream<Path> files = Files.list(RESOURCES.resolve(corpus))) {
            return files.toList();
        }
    }
}
