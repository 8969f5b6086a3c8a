package dev.postern.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.test.ProjectFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A corpus is of use when it goes through the doors, and not only against them.
final class FuzzCorpusTest {
    private static final Path CORPUS = ProjectFiles.root()
            .resolve("sealed-session/src/test/resources/dev/postern/session")
            .resolve("ParserFuzzTestInputs/everyParserRefusesOrUnderstands");

    @Test
    void everyParserHasItsInputs() throws IOException {
        List<byte[]> corpus = corpus();
        for (FuzzTarget target : FuzzTarget.values()) {
            assertThat(corpus)
                    .as("%s", target)
                    .filteredOn(input -> isFor(target, input))
                    .hasSizeGreaterThan(4);
        }
    }

    @Test
    void genuineFramesAreTakenWhateverTheySay() throws IOException {
        Set<Class<? extends Received>> atTheRelay = new HashSet<>();
        Set<Class<? extends Received>> atTheClient = new HashSet<>();
        for (byte[] input : corpus()) {
            byte[] octets = Arrays.copyOfRange(input, 1, input.length);
            if (isFor(FuzzTarget.RELAY_RECEIVES, input)) {
                atTheRelay.add(received(Role.RELAY, octets));
            } else if (isFor(FuzzTarget.CLIENT_RECEIVES, input)) {
                atTheClient.add(received(Role.CLIENT, octets));
            } else if (isFor(FuzzTarget.SEALED_BY_THE_RELAY, input)) {
                atTheClient.add(received(Role.CLIENT, FuzzTarget.Peer.sealed(Role.RELAY, octets)));
            }
        }
        assertThat(atTheRelay).contains(Received.Delivered.class, Received.Closed.class, Received.Dropped.class);
        assertThat(atTheClient)
                .contains(
                        Received.Delivered.class,
                        Received.KeyUpdated.class,
                        Received.StreamError.class,
                        Received.Closed.class,
                        Received.Dropped.class);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsGenuineGoesThroughAndNoiseDoesNot(FuzzTarget target) {
        assertThat(target.take(kept(target, "genuine-0"))).as("genuine").isTrue();
        assertThat(target.take(kept(target, "random"))).as("noise").isFalse();
    }

    private static byte[] kept(FuzzTarget target, String name) {
        byte[] input = read(CORPUS.resolve(FuzzSeeds.name(target, name)));
        assertThat(isFor(target, input)).isTrue();
        return Arrays.copyOfRange(input, 1, input.length);
    }

    private static Class<? extends Received> received(Role role, byte[] frame) {
        SealedSession session = FuzzTarget.Peer.end(role);
        if (role == Role.CLIENT) {
            session.openStream();
        }
        return session.receive(frame).getClass();
    }

    private static boolean isFor(FuzzTarget target, byte[] input) {
        return input.length > 0 && input[0] == target.input(new byte[0])[0];
    }

    private static List<byte[]> corpus() throws IOException {
        try (Stream<Path> files = Files.list(CORPUS)) {
            return files.map(FuzzCorpusTest::read).toList();
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
