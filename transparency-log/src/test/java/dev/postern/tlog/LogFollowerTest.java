package dev.postern.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postern.tlog.store.MemoryStorage;
import dev.postern.tlog.store.TestKeys;
import dev.postern.tlog.store.TiledLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LogFollowerTest {

    private static final int SIZE = 600;

    private final MemoryStorage storage = new MemoryStorage();
    private TiledLog log;
    private LogFollower follower;

    @BeforeEach
    void open() throws IOException {
        log = TiledLog.open(storage, TestKeys.signer());
        follower = new LogFollower(storage, TestKeys.verifier());
    }

    private void growTo(int size) throws IOException {
        for (long i = log.size(); i < size; i++) {
            log.append(("entry " + i).getBytes(StandardCharsets.UTF_8));
        }
        log.publish();
    }

    private void expectSound() throws IOException {
        assertThat(follower.follow(100)).isEmpty();
        assertThat(follower.verified().orElseThrow().size()).isEqualTo(log.size());
    }

    @Test
    void everythingThatIsPublishedIsVerifiedAsItComes() throws IOException {
        for (int size : new int[] {0, 1, 2, 255, 256, 257, 300, 511, 512, 513, SIZE}) {
            growTo(size);
            expectSound();
            expectSound();
            assertThat(follower.entries()).isEqualTo(size);
        }
        for (int leaf = 0; leaf < SIZE; leaf += 37) {
            assertThat(follower.sample(leaf)).isEmpty();
        }
    }

    @Test
    void aStepIsBoundedAndTheLogMayGrowMeanwhile() throws IOException {
        growTo(300);
        assertThat(follower.follow(1)).isEmpty();
        assertThat(follower.entries()).isEqualTo(256);
        assertThat(follower.verified()).isEmpty();
        growTo(SIZE);
        assertThat(follower.follow(1)).isEmpty();
        assertThat(follower.verified().orElseThrow().size()).isEqualTo(300);
        expectSound();
    }

    @Test
    void aFlippedBitInAnyFileIsFoundWhileFollowingOrBySamples() throws IOException {
        growTo(SIZE);
        for (Map.Entry<String, byte[]> file : storage.files().entrySet()) {
            byte[] good = file.getValue().clone();
            for (int i = 0; i < good.length; i += Math.max(1, good.length / 9)) {
                byte[] bad = good.clone();
                bad[i] ^= 1;
                storage.files().put(file.getKey(), bad);
                LogFollower fresh = new LogFollower(storage, TestKeys.verifier());
                assertThat(fresh.follow(100)).as(file.getKey() + " " + i).isPresent();
            }
            storage.files().put(file.getKey(), good);
        }
        expectSound();
        byte[] bundle = storage.read("tile/entries/001").orElseThrow();
        bundle[5] ^= 1;
        assertThat(follower.sample(0)).isEmpty();
        assertThat(follower.sample(300))
                .hasValueSatisfying(wrong -> assertThat(wrong.path()).isEqualTo("tile/entries/001"));
        bundle[5] ^= 1;
        byte[] upper = storage.read("tile/1/000.p/2").orElseThrow();
        upper[0] ^= 1;
        assertThat(follower.sample(599))
                .hasValueSatisfying(wrong -> assertThat(wrong.index()).isEqualTo(599));
    }

    @Test
    void aLogThatWasCutBackOrRewrittenIsFound() throws IOException {
        growTo(300);
        expectSound();
        Map<String, byte[]> before = Map.copyOf(storage.files());
        MemoryStorage other = new MemoryStorage();
        TiledLog rewritten = TiledLog.open(other, TestKeys.signer());
        for (int size : new int[] {10, 300, 400}) {
            while (rewritten.size() < size) {
                rewritten.append(new byte[] {1, 2});
            }
            rewritten.publish();
            storage.files().clear();
            storage.files().putAll(other.files());
            assertThat(follower.follow(100)).as("size " + size).isPresent();
        }
        storage.files().clear();
        storage.files().putAll(before);
        assertThat(follower.verified().orElseThrow().size()).isEqualTo(300);
    }

    @Test
    void onlyWhatWasVerifiedCanBeSampled() {
        assertThatIllegalArgumentException().isThrownBy(() -> follower.sample(0));
    }
}
