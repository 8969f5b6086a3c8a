package dev.postern.tlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.tlog.store.LogStorage;
import dev.postern.tlog.store.MemoryStorage;
import dev.postern.tlog.store.TestKeys;
import dev.postern.tlog.store.TiledLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GrowthTest {

    private static final int SIZE = 530;

    private static MemoryStorage log(int size, String text) throws IOException {
        MemoryStorage storage = new MemoryStorage();
        TiledLog log = TiledLog.open(storage, TestKeys.signer());
        for (int i = 0; i < size; i++) {
            log.append((text + i).getBytes(StandardCharsets.UTF_8));
        }
        log.publish();
        return storage;
    }

    private static byte[] checkpoint(MemoryStorage storage) {
        return storage.read(LogStorage.CHECKPOINT).orElseThrow();
    }

    private static LogReport verify(MemoryStorage now, byte[]... earlier) throws IOException {
        PriorKnowledge prior = new PriorKnowledge(Map.of(), Map.of(TestKeys.ORIGIN, List.of(earlier)));
        return LogVerifier.verifyServed(now, TestKeys.verifier(), prior, (_, _) -> {});
    }

    private static String fault(LogReport report) {
        assertThat(report.inconsistency().map(Inconsistency::path)).isEqualTo(Optional.of("checkpoint"));
        return report.inconsistency().orElseThrow().what();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 255, 256, 257, 300, 512, 529, 530})
    void aLogThatOnlyGrewIsSoundFromEverySize(int before) throws IOException {
        LogReport report = verify(log(SIZE, "entry "), checkpoint(log(before, "entry ")));
        assertThat(report.inconsistency()).isEmpty();
        assertThat(report.leaves()).isEqualTo(SIZE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 255, 256, 257, 529, 530})
    void aLogThatWasRewrittenAndSignedAgainIsFoundWithBothSizes(int before) throws IOException {
        assertThat(fault(verify(log(SIZE, "entry "), checkpoint(log(before, "other ")))))
                .contains("first " + before + " of its 530", "rewritten");
    }

    @Test
    void aLogThatWasCutBackIsFoundWithBothSizes() throws IOException {
        assertThat(fault(verify(log(300, "entry "), checkpoint(log(SIZE, "entry ")))))
                .contains("530", "300", "cut back");
    }

    /// Two histories signed by one key: whichever the log shows, one of the checkpoints is not of it.
    @Test
    void everyEarlierCheckpointCounts() throws IOException {
        byte[] first = checkpoint(log(100, "other "));
        byte[] second = checkpoint(log(200, "entry "));
        byte[] fork = checkpoint(log(200, "other "));
        MemoryStorage now = log(SIZE, "entry ");
        assertThat(verify(now, second, checkpoint(log(100, "entry "))).inconsistency())
                .isEmpty();
        assertThat(fault(verify(now, second, first))).contains("first 100 of its 530");
        assertThat(fault(verify(now, first, second))).contains("first 100 of its 530");
        assertThat(fault(verify(now, second, fork))).contains("first 200 of its 530");
        assertThat(fault(verify(now, fork, second))).contains("first 200 of its 530");
    }

    @Test
    void anEarlierCheckpointOfAnotherKeyProvesNothing() throws IOException {
        byte[] note = checkpoint(log(10, "entry "));
        note[note.length - 10] ^= 1;
        assertThat(fault(verify(log(SIZE, "entry "), note))).contains("not signed by this log's key");
    }
}
