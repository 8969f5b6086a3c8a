package dev.postern.auditing.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.spool.SpoolSettings;
import dev.postern.auditing.TestSigner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WrittenLogTest {
    @TempDir
    Path home = Path.of("");

    @Test
    void entryWhenItComesDuringAPublicationThenIsForTheNextOne() throws Exception {
        ShardFiles files = new ShardFiles(home, "localhost/audit");
        ShardName name = new ShardName("2026w48");
        try (WrittenLog log = WrittenLog.open(
                "shard " + name,
                files.log(name),
                new SpoolSettings(files.writeAheadLog(name), 1 << 20, 1 << 20),
                new TestSigner().of(files.origin(name)),
                new Random(1))) {
            List<Long> publications = new ArrayList<>();
            WrittenLog.Publication told = (first, entries) -> {
                publications.add(first + entries.size());
                log.append(entry(publications.size())).join();
            };
            log.append(entry(0)).join();

            log.follow(told);
            assertThat(publications).containsExactly(1L);
            assertThat(log.published()).isEqualTo(1);
            assertThat(log.durable()).isEqualTo(2);

            log.follow(told);
            assertThat(publications).containsExactly(1L, 2L);
        }
    }

    private static byte[] entry(int number) {
        return ("entry " + number).getBytes(StandardCharsets.UTF_8);
    }
}
