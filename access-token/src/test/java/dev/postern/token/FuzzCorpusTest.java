package dev.postern.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.test.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the fuzzers' corpora call genuine is accepted, so that the rest fails for its own reasons; and none of the rest
/// is.
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
        int genuine = 0;
        int others = 0;
        for (Path file : files(corpus)) {
            boolean expected = file.getFileName().toString().startsWith("genuine");
            assertThat(parser.test(Files.readAllBytes(file))).as("%s", file).isEqualTo(expected);
            if (expected) {
                genuine++;
            } else {
                others++;
            }
        }
        assertThat(genuine).isGreaterThan(2);
        assertThat(others).isGreaterThan(20);
    }

    private static List<Path> files(String corpus) throws IOException {
        try (Stream<Path> files = Files.list(RESOURCES.resolve(corpus))) {
            return files.toList();
        }
    }
}
