package dev.postern.auditing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.postern.auditing.sequence.AuditLogUnusable;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The service whose audit index is to be in a PostgreSQL.
@Timeout(60)
final class PostgresServiceTest {
    @TempDir
    Path home;

    @Test
    void startWhenTheDatabaseIsAwayThenOneSentenceWithoutThePassword() throws Exception {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalPort();
        }
        Path password = Files.writeString(home.resolve("password"), "wordofmine\n");
        Throwable failure = catchThrowable(() -> RunningService.start(
                home,
                List.of(
                        "--postern.audit-log.index.kind=postgresql",
                        "--postern.audit-log.index.url=jdbc:postgresql://localhost:" + nobody + "/audit",
                        "--postern.audit-log.index.password-file=" + password)));
        Throwable cause = failure;
        while (cause != null && !(cause instanceof AuditLogUnusable)) {
            cause = cause.getCause();
        }
        assertThat(cause)
                .hasMessageContaining("The audit index cannot be used: the database of postern.audit-log.index.url")
                .hasMessageContaining("start it, or correct")
                .hasMessageNotContaining("wordofmine");
    }
}
