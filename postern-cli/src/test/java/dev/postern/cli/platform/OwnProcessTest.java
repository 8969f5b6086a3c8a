package dev.postern.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.home.PosternHome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnProcessTest {
    @TempDir
    Path directory;

    @Test
    void stopWhenStartedHereThenEndsIt() throws Exception {
        PosternHome home = new PosternHome(directory);
        ProcessRecords records = new ProcessRecords(home);
        OwnProcess process = new ProcessStarter(home, records).start("sleeper", List.of("/bin/sleep", "60"), Map.of());
        OwnProcess recorded = records.find("sleeper").orElseThrow();

        assertThat(recorded).isEqualTo(process).returns(true, OwnProcess::alive);
        recorded.stop(Duration.ofSeconds(10));

        assertThat(process.alive()).isFalse();
    }

    @Test
    void stopWhenPidBelongsToAnotherProgramNowThenLeavesItAlone() throws Exception {
        ProcessHandle other = new ProcessBuilder("/bin/sleep", "60").start().toHandle();
        OwnProcess stale = new OwnProcess("old", other.pid(), Instant.parse("2020-01-01T00:00:00Z"));

        stale.stop(Duration.ofSeconds(1));

        assertThat(stale.alive()).isFalse();
        assertThat(other.isAlive()).isTrue();
        other.destroyForcibly();
    }
}
