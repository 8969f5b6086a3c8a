package dev.postern.auditing.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postern.auditing.TestSigner;
import dev.postern.auditing.shard.PublishedShard;
import dev.postern.auditing.shard.ShardName;
import dev.postern.tlog.store.LogDirectory;
import dev.postern.tlog.store.TiledLog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogMonitorTest {
    @TempDir
    Path home;

    private final List<PublishedShard> shards = new ArrayList<>();
    private final TestSigner signer = new TestSigner();
    private LogMonitor monitor;

    @BeforeEach
    void start() throws Exception {
        MonitorProperties settings = new MonitorProperties(Duration.ofSeconds(5), 2);
        monitor = new LogMonitor(
                () -> List.copyOf(shards),
                shard -> Optional.of(signer.of(shard.origin()).verifier()),
                settings,
                new Random(7));
    }

    private TiledLog shard(String name) throws Exception {
        String origin = "localhost/audit/" + name;
        LogDirectory storage = new LogDirectory(home.resolve(name));
        shards.addFirst(new PublishedShard(new ShardName(name), origin, storage));
        return TiledLog.open(storage, signer.of(origin));
    }

    private static void grow(TiledLog log, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            log.append(("entry " + log.size()).getBytes(StandardCharsets.UTF_8));
        }
        log.publish();
    }

    @Test
    void roundWhenShardsGrowThenEachIsVerifiedInBoundedSteps() throws Exception {
        grow(shard("2026w47"), 700);
        TiledLog newest = shard("2026w48");
        grow(newest, 300);
        monitor.round();
        assertThat(monitor.entries()).isEqualTo(300);
        assertThat(monitor.behind()).isZero();
        monitor.round();
        assertThat(monitor.entries()).isEqualTo(300 + 512);
        monitor.round();
        assertThat(monitor.entries()).isEqualTo(1000);
        grow(newest, 1000);
        monitor.round();
        assertThat(monitor.behind()).isEqualTo(1000);
        for (int i = 0; i < 5; i++) {
            monitor.round();
        }
        assertThat(monitor.behind()).isZero();
        assertThat(monitor.entries()).isEqualTo(2000);
        assertThat(monitor.samples()).isPositive();
        assertThat(monitor.faults()).isZero();
    }

    @Test
    void roundWhenAnOldFileIsAlteredThenASampleFindsIt() throws Exception {
        grow(shard("2026w47"), 600);
        for (int i = 0; i < 4; i++) {
            monitor.round();
        }
        assertThat(monitor.faults()).isZero();
        Path bundle = home.resolve("2026w47/tile/entries/001");
        byte[] content = Files.readAllBytes(bundle);
        content[10] ^= 1;
        Files.write(bundle, content);
        for (int i = 0; i < 50 && monitor.faults() == 0; i++) {
            monitor.round();
        }
        assertThat(monitor.faults()).isPositive();
        assertThat(new MonitorHealth(monitor).health().getDetails()).containsEntry("published", "not sound");
    }

    @Test
    void roundWhenTheLogWasCutBackThenFindsIt() throws Exception {
        TiledLog log = shard("2026w48");
        grow(log, 10);
        byte[] before = Files.readAllBytes(home.resolve("2026w48/checkpoint"));
        grow(log, 10);
        monitor.round();
        assertThat(monitor.faults()).isZero();
        Files.write(home.resolve("2026w48/checkpoint"), before);
        monitor.round();
        assertThat(monitor.faults()).isPositive();
    }

    @Test
    void roundWhenAShardIsRemovedThenItIsNoFault() throws Exception {
        grow(shard("2026w47"), 10);
        grow(shard("2026w48"), 10);
        monitor.round();
        monitor.round();
        shards.removeLast();
        Files.delete(home.resolve("2026w47/checkpoint"));
        monitor.round();
        assertThat(monitor.faults()).isZero();
    }

    @Test
    void settingsWhenOutOfBoundsThenStopTheStart() {
        assertThatIllegalArgumentException().isThrownBy(() -> new MonitorProperties(Duration.ZERO, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new MonitorProperties(Duration.ofSeconds(1), 0));
    }
}
