package dev.postern.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.relay.rig.RelayRig;
import dev.postern.relay.rig.SealedClient;
import dev.postern.session.StreamProblem;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Whose turn it is when a relay serves as much as it may. This one serves one request at once, and six wait.
@SuppressWarnings("NullAway.Init")
class QueueTest extends RelayFixture {
    private static final int WAITING = 6;
    private static final Pattern NAME = Pattern.compile("who-[a-z0-9-]+");
    private SealedClient client;
    private int blocker;

    @Override
    RelayRig relay() throws Exception {
        return new RelayRig(redis, directory, 1, WAITING);
    }

    @BeforeEach
    void occupy() throws Exception {
        client = SealedClient.open(rig);
        blocker = client.ask(Requests.stream(rig.clock, "endless"));
        Awaitility.await().until(() -> rig.upstream.endlessEvents() > 0);
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
    }

    @Test
    void interactiveComesBeforeBatchAndTenantsTakeTurns() throws Exception {
        ask("acme", "batch", "who-batch");
        ask("acme", "interactive", "who-a1");
        ask("acme", "interactive", "who-a2");
        ask("other", "interactive", "who-b1");
        awaitWaiting(4);

        free();

        Awaitility.await().until(() -> rig.upstream.seen().size() == 5);
        assertThat(names()).containsExactly("who-a1", "who-b1", "who-a2", "who-batch");
    }

    @Test
    void oneTenantHasHalfOfTheRoomAtMost() throws Exception {
        for (int i = 0; i < WAITING / 2; i++) {
            ask("acme", "interactive", "who-a" + i);
        }
        awaitWaiting(WAITING / 2);

        int refused = ask("acme", "interactive", "who-refused");
        assertThat(problem(refused).code()).isEqualTo("overloaded");
        ask("other", "interactive", "who-b");
        awaitWaiting(WAITING / 2 + 1);
    }

    @Test
    void whoeverStopsWaitingLeavesItsPlaceToTheNext() throws Exception {
        int left = ask("acme", "interactive", "who-left");
        ask("acme", "interactive", "who-stays");
        awaitWaiting(2);

        cancel(left);
        awaitWaiting(1);
        free();

        Awaitility.await().until(() -> rig.upstream.seen().size() == 2);
        assertThat(names()).containsExactly("who-stays");
    }

    @Test
    void aDeadlineEndsTheWaiting() throws Exception {
        String request =
                request("acme", "interactive", "who-late").replaceFirst("\"deadline_ms\":20000", "\"deadline_ms\":300");
        int late = client.ask(request);

        assertThat(problem(late).code()).isEqualTo("upstream-timeout");
        awaitWaiting(0);
        assertThat(rig.upstream.seen()).hasSize(1);
    }

    private int ask(String tenant, String latencyClass, String name) throws Exception {
        return client.ask(request(tenant, latencyClass, name));
    }

    private String request(String tenant, String latencyClass, String name) {
        return Requests.chat(rig.clock, "echo", name, false)
                .replace("\"tenant\":\"acme\"", "\"tenant\":\"" + tenant + "\"")
                .replaceFirst("\\{", "{\"latency_class\":\"" + latencyClass + "\",");
    }

    private void free() throws Exception {
        cancel(blocker);
    }

    private void cancel(int stream) throws Exception {
        for (byte[] frame : client.session().sealError(stream, StreamProblem.CANCELLED)) {
            client.send(frame);
        }
    }

    private StreamProblem problem(int stream) throws Exception {
        return Objects.requireNonNull(client.answer(stream).problem());
    }

    private void awaitWaiting(int requests) {
        Awaitility.await()
                .until(() -> rig.meters.get("postern.requests.waiting").gauge().value() == requests);
    }

    /// The names in what the model was asked, in its order; the first request is the one that took the place.
    private List<String> names() {
        return rig.upstream.seen().stream()
                .skip(1)
                .map(body -> NAME.matcher(String.valueOf(body)))
                .filter(Matcher::find)
                .map(Matcher::group)
                .toList();
    }
}
