package dev.postern.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.relay.rig.RelayRig;
import dev.postern.relay.rig.SealedClient;
import dev.postern.relay.rig.TokenMint.Order;
import dev.postern.trust.PolicyPublished;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// A request that is sent again under its `msg_id` has no second effect, wherever it arrives.
@SuppressWarnings("NullAway.Init")
class OnceOnlyTest extends RelayFixture {
    @Override
    RelayRig relay() throws Exception {
        return permissive(super.relay());
    }

    private static RelayRig permissive(RelayRig rig) {
        rig.trust.apply(List.of(
                new PolicyPublished(1, 0, "{\"rules\":[{\"id\":\"all\",\"effect\":\"allow\",\"when\":\"true\"}]}")));
        return rig;
    }

    @Test
    void anAnswerIsGivenAgainAndTheModelIsAskedOnce() throws Exception {
        String request = Requests.under(Requests.id(), Requests.chat(rig.clock, "echo"));
        String first;
        try (SealedClient client = SealedClient.open(rig, Order::application)) {
            first = client.askAndAnswer(request).text();
            assertThat(client.askAndAnswer(request).text()).isEqualTo(first).isNotEmpty();
            assertThat(rig.meters.get("postern.sessions.held").gauge().value())
                    .as("nothing is held for what is answered")
                    .isZero();
        }
        try (SealedClient later = SealedClient.open(rig, Order::application)) {
            assertThat(later.askAndAnswer(request).text())
                    .as("in another session")
                    .isEqualTo(first);
        }
        assertThat(rig.upstream.seen()).hasSize(1);
        assertThat(rig.meters.get("postern.requests.repeated").counter().count())
                .isEqualTo(2);
    }

    @Test
    void aStreamIsGivenAgainEventByEvent() throws Exception {
        String request = Requests.under(Requests.id(), Requests.stream(rig.clock, "echo"));
        try (SealedClient client = SealedClient.open(rig, Order::application)) {
            List<String> events = client.askAndAnswer(request).messages();
            assertThat(events).isNotEmpty();
            assertThat(client.askAndAnswer(request).messages()).isEqualTo(events);
        }
        assertThat(rig.upstream.seen()).hasSize(1);
    }

    @Test
    void anotherReplicaAnswersAgainAfterTheFirstHasGone() throws Exception {
        String request = Requests.under(Requests.id(), Requests.chat(rig.clock, "echo"));
        String first;
        try (RelayRig gone = permissive(new RelayRig(redis, directory));
                SealedClient client = SealedClient.open(gone, Order::application)) {
            first = client.askAndAnswer(request).text();
        }
        try (SealedClient client = SealedClient.open(rig, Order::application)) {
            assertThat(client.askAndAnswer(request).text()).isEqualTo(first);
        }
        assertThat(rig.upstream.seen()).isEmpty();
    }

    @Test
    void whatWasBegunAndNeverEndedIsNotBegunAgain() throws Exception {
        String request = Requests.under(Requests.id(), Requests.stream(rig.clock, "endless"));
        try (SealedClient client = SealedClient.open(rig, Order::application)) {
            client.ask(request);
            Awaitility.await().until(() -> rig.upstream.endlessEvents() > 0);
        }
        rig.upstream.endlessClosed().get(10, TimeUnit.SECONDS);
        try (SealedClient client = SealedClient.open(rig, Order::application)) {
            var problem = Objects.requireNonNull(client.askAndAnswer(request).problem());
            assertThat(problem.code()).isEqualTo("effect-unknown");
            assertThat(problem.status()).isEqualTo(409);
        }
        assertThat(rig.upstream.seen()).hasSize(1);
    }

    @Test
    void whatNeverReachedTheModelMayBeTriedAgain() throws Exception {
        String request = Requests.under(Requests.id(), Requests.chat(rig.clock, "echo"));
        try (SealedClient client = SealedClient.open(rig, Order::application)) {
            rig.stopRedaction();
            assertThat(Objects.requireNonNull(client.askAndAnswer(request).problem())
                            .code())
                    .isEqualTo("redaction-unavailable");
            rig.startRedaction();
            assertThat(client.askAndAnswer(request).problem()).isNull();
        }
        assertThat(rig.upstream.seen()).hasSize(1);
    }

    @Test
    void anAnswerThatFindsNoRoomIsNotGivenAgain() throws Exception {
        String longer = "word ".repeat(12_000);
        String request = Requests.under(Requests.id(), Requests.chat(rig.clock, "echo", longer, false));
        try (SealedClient client = SealedClient.open(rig, Order::application)) {
            assertThat(client.askAndAnswer(request).problem()).isNull();
            assertThat(rig.meters.get("postern.journal.left").counter().count()).isEqualTo(1);
            var again = client.askAndAnswer(request);
            assertThat(Objects.requireNonNull(again.problem()).code()).isEqualTo("effect-unknown");
        }
        assertThat(rig.upstream.seen()).hasSize(1);
    }

    @Test
    void anIdThatNamedAnotherKindOfRequestIsRefused() throws Exception {
        String id = Requests.id();
        try (SealedClient client = SealedClient.open(rig, Order::application)) {
            client.askAndAnswer(Requests.under(id, Requests.chat(rig.clock, "echo")));
            var answer = client.askAndAnswer(Requests.under(id, Requests.stream(rig.clock, "echo")));
            assertThat(Objects.requireNonNull(answer.problem()).code()).isEqualTo("effect-unknown");
        }
        assertThat(rig.upstream.seen()).hasSize(1);
    }

    @Test
    void anotherClientsIdIsAnother() throws Exception {
        String request = Requests.under(Requests.id(), Requests.chat(rig.clock, "echo"));
        try (SealedClient one = SealedClient.open(rig, Order::application);
                SealedClient other = SealedClient.open(
                        rig, thumbprint -> Order.application(thumbprint).of("other"))) {
            one.askAndAnswer(request);
            assertThat(other.askAndAnswer(request).problem()).isNull();
        }
        assertThat(rig.upstream.seen()).hasSize(2);
    }

    @Test
    void whatLiesInRedisTellsNothing() throws Exception {
        String id = Requests.id();
        try (SealedClient client = SealedClient.open(rig, Order::application)) {
            String answer = client.askAndAnswer(
                            Requests.under(id, Requests.chat(rig.clock, "echo", "canary-words", false)))
                    .text();
            assertThat(answer).contains("canary-words");
        }
        var commands = rig.store().connection().orElseThrow().sync();
        assertThat(commands.keys("postern:effect:*")).isNotEmpty().allSatisfy(key -> {
            assertThat(key).doesNotContain(id);
            assertThat(commands.pttl(key)).isPositive();
            String value = commands.get(key);
            assertThat(value).doesNotContain("canary-words", id);
            assertThat(new String(Base64.getDecoder().decode(value), StandardCharsets.ISO_8859_1))
                    .doesNotContain("canary-words", id);
        });
    }
}
