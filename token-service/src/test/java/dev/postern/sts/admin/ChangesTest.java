package dev.postern.sts.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.audit.AuditSettings;
import dev.postern.audit.AuditTrail;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.sts.TestDatabase;
import dev.postern.sts.approval.Approval.State;
import dev.postern.sts.approval.Approvals;
import dev.postern.sts.client.ClientRegistry;
import dev.postern.sts.document.Documents;
import dev.postern.test.MutableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChangesTest {

    private final MutableClock clock = MutableClock.atNoon();
    private final TestDatabase database = TestDatabase.create();
    private final Approvals approvals = new Approvals(database.jdbc(), new SecureRandom(), database.seal(), clock);
    private final AtomicBoolean possible = new AtomicBoolean();

    @TempDir
    private Path directory = Path.of("");

    @Test
    void approveWhenTheChangeCannotBeMadeThenItGoesOnWaiting() throws IOException {
        InMemoryAuthority authority =
                InMemoryAuthority.create("test", Duration.ofDays(1), Clock.systemUTC(), new SecureRandom());
        try (WorkloadIdentity identity = authority.identityOf(new TrustDomain("postern.local").idOf("token-service"));
                AuditTrail trail = AuditTrail.open(
                        new AuditSettings(
                                identity.current().spiffeId(),
                                directory,
                                URI.create("https://localhost:1"),
                                1_000_000,
                                100_000,
                                Duration.ofSeconds(1),
                                AuditSettings.Retry.DEFAULT),
                        HttpClient.newHttpClient(),
                        Clock.systemUTC())) {
            Changes changes = new Changes(
                    List.of(new Fickle()),
                    new Recourse(
                            new ClientRegistry(database.jdbc(), database.transactions(), database.seal(), clock),
                            clock),
                    approvals,
                    Set.of(ApprovalArea.ISSUERS),
                    trail,
                    new SimpleMeterRegistry());
            Change change = new Change("fickle", "one", 1, Documents.JSON.createObjectNode());
            Object id = changes.submit(caller("alice"), change).body().get("id");
            assertThatThrownBy(() -> changes.approve(caller("bob"), String.valueOf(id)))
                    .isInstanceOf(ProblemException.class);
            assertThat(approvals.find(String.valueOf(id)).orElseThrow().state()).isEqualTo(State.PENDING);
            possible.set(true);
            assertThat(changes.approve(caller("carol"), String.valueOf(id)).status())
                    .isEqualTo(200);
            assertThat(approvals.find(String.valueOf(id)).orElseThrow().state()).isEqualTo(State.APPROVED);
        }
    }

    private static AdminCaller caller(String person) {
        return new AdminCaller("console", person, "s", "t", InetAddress.getLoopbackAddress());
    }

    /// Finds every change in order, and makes it only when that is possible.
    private final class Fickle implements ChangeHandler {
        @Override
        public boolean handles(String kind) {
            return true;
        }

        @Override
        public Prepared prepare(Change change) {
            return new Prepared("made", "thing", Optional.of(ApprovalArea.ISSUERS), _ -> {
                if (!possible.get()) {
                    throw new ProblemException(Problem.UNAVAILABLE);
                }
                return Answer.none();
            });
        }
    }
}
