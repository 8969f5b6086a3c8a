package dev.postern.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.kms.WrappedSets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VaultWrappedSetsTest extends WrappedSetsContract {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path home;

    @SuppressWarnings("NullAway.Init") // JUnit starts it before the first test.
    private static VaultRig rig;

    @SuppressWarnings("NullAway.Init")
    private static VaultConnection connection;

    @BeforeAll
    static void start() throws IOException {
        rig = VaultRig.start(home);
        connection = rig.connect("key-rotation-service");
    }

    @AfterAll
    static void stop() {
        // Nothing was started where there is no server.
        Optional.ofNullable(connection).ifPresent(VaultConnection::close);
        Optional.ofNullable(rig).ifPresent(VaultRig::close);
    }

    @AfterEach
    void forget() {
        rig.vault.api("DELETE", "postern/metadata/key-rotation-service/state", Map.of());
    }

    @Override
    WrappedSets sets() {
        return connection.sets();
    }

    @Test
    void ofManyWritersAtOnceOneIsFirst() {
        AtomicInteger first = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                byte[] mine = ("writer " + i).getBytes(StandardCharsets.US_ASCII);
                threads.execute(() -> {
                    if (sets().replace("state", null, mine)) {
                        first.incrementAndGet();
                    }
                });
            }
        }
        assertThat(first).hasValue(1);
    }

    @Test
    void whatWasReplacedCannotBeReadAnyMore() {
        byte[] before = {1};
        assertThat(sets().replace("state", null, before)).isTrue();
        assertThat(sets().replace("state", before, new byte[] {2})).isTrue();

        assertThatThrownBy(() -> rig.vault.api("GET", "postern/data/key-rotation-service/state?version=1", Map.of()))
                .hasMessageContaining("404");
    }

    @Test
    void aSetThatSomebodyDeletedIsNotMadeAnew() {
        byte[] content = {1};
        assertThat(sets().replace("state", null, content)).isTrue();
        rig.vault.api("DELETE", "postern/data/key-rotation-service/state", Map.of());

        assertThat(sets().read("state")).isEmpty();
        assertThat(sets().replace("state", null, content)).isFalse();
    }
}
