package dev.postern.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.RequestServed;
import dev.postern.relay.rig.FakeRedaction;
import dev.postern.relay.rig.FakeUpstream;
import dev.postern.relay.rig.RelayRig;
import dev.postern.relay.rig.SealedClient;
import dev.postern.relay.rig.SealedClient.Answer;
import dev.postern.relay.upstream.UpstreamProperties.Endpoint;
import dev.postern.session.StreamProblem;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A model server and two stand-ins: which of them serves, and which never hears of a request. The second stand-in
/// serves one model only, under a name of its own.
@SuppressWarnings("NullAway.Init")
class FallbackTest extends RelayFixture {
    private static final String SPARES_KEY = "key-of-the-spare";

    private FakeUpstream spare;
    private FakeUpstream last;
    private SealedClient client;

    @Override
    RelayRig relay() throws Exception {
        spare = new FakeUpstream();
        last = new FakeUpstream();
        last.pretend("echo");
        return new RelayRig(
                redis,
                directory,
                List.of(
                        new Endpoint(
                                "spare",
                                spare.url(),
                                Files.writeString(directory.resolve("spare-key"), SPARES_KEY),
                                Map.of()),
                        new Endpoint("last", last.url(), null, Map.of("echo", "its \"own\" name"))));
    }

    @BeforeEach
    void open() throws Exception {
        client = SealedClient.open(rig);
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        spare.close();
        last.close();
    }

    private Answer ask() throws Exception {
        return client.askAndAnswer(Requests.stream(rig.clock, "echo"));
    }

    private void servedBy(String upstream, Answer answer) {
        assertThat(answer.problem()).isNull();
        assertThat(answer.text()).contains(FakeRedaction.SECRET);
        assertThat(audited()).isEqualTo("ok by " + upstream);
    }

    private String audited() {
        Awaitility.await().until(() -> !rig.audited(RequestServed.class).isEmpty());
        RequestServed served = rig.audited(RequestServed.class).getLast();
        return served.outcome() + served.upstream().map(name -> " by " + name).orElse("");
    }

    private static StreamProblem problem(Answer answer) {
        return Objects.requireNonNull(answer.problem());
    }

    private double breaker(String upstream, String state) {
        return rig.meters
                .get("postern.upstream.breaker")
                .tags("upstream", upstream, "state", state)
                .gauge()
                .value();
    }

    @Test
    void theFirstServesWhatItCan() throws Exception {
        servedBy("primary", ask());
        assertThat(spare.seen()).isEmpty();
        assertThat(last.seen()).isEmpty();
    }

    @Test
    void theNextServesWhileTheFirstIsDown() throws Exception {
        rig.upstream.close();
        servedBy("spare", ask());
        assertThat(spare.seen())
                .singleElement()
                .satisfies(seen ->
                        assertThat(seen).contains(FakeRedaction.PSEUDONYM).doesNotContain(FakeRedaction.SECRET));
    }

    @ParameterizedTest
    @ValueSource(strings = {"429", "502", "503", "504"})
    void theNextServesWhatTheFirstTurnsAway(String status) throws Exception {
        rig.upstream.pretend(status);
        servedBy("spare", ask());
        assertThat(spare.seen()).as("the same bytes").isEqualTo(rig.upstream.seen());
        assertThat(rig.meters
                        .get("postern.upstream")
                        .tags("upstream", "spare", "outcome", "success")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void theNextServesWhatTheFirstDoesNotBeginToAnswerInTime() throws Exception {
        rig.upstream.pretend("slow");
        servedBy("spare", ask());
    }

    @Test
    void oneThatHasItsOwnNameForTheModelIsAskedByThatName() throws Exception {
        rig.upstream.close();
        spare.pretend("503");
        servedBy("last", ask());
        assertThat(last.seen())
                .containsExactly(
                        spare.seen().getFirst().replace("\"model\":\"echo\"", "\"model\":\"its \\\"own\\\" name\""));
    }

    @Test
    void oneThatDoesNotHaveTheModelIsNotAsked() throws Exception {
        rig.upstream.pretend("503");
        spare.pretend("503");
        Answer answer = client.askAndAnswer(Requests.stream(rig.clock, "truncated"));
        assertThat(problem(answer).code()).isEqualTo("upstream-unavailable");
        assertThat(last.seen()).isEmpty();
        assertThat(audited()).isEqualTo("upstream-unavailable by spare");
    }

    @Test
    void anAnswerThatBreaksOffIsNotBegunAgainElsewhere() throws Exception {
        rig.upstream.pretend("truncated");
        Answer answer = ask();
        assertThat(answer.text()).contains("half an ");
        assertThat(problem(answer).code()).isEqualTo("upstream-unavailable");
        assertThat(spare.seen()).isEmpty();
        assertThat(audited()).isEqualTo("upstream-unavailable by primary");
    }

    @Test
    void whatTheServerSaysOfTheRequestItselfIsFinal() throws Exception {
        rig.upstream.pretend("broken");
        assertThat(problem(ask()).code()).isEqualTo("upstream-unavailable");
        rig.upstream.pretend("not-known");
        assertThat(problem(ask()).code()).isEqualTo("unknown-model");
        assertThat(spare.seen()).isEmpty();
    }

    @Test
    void aModelThatOnlyAStandInLacksIsNoFaultOfTheRequest() throws Exception {
        rig.upstream.pretend("503");
        spare.pretend("not-known");
        assertThat(problem(ask()).code()).isEqualTo("upstream-unavailable");
    }

    @Test
    void whenNobodyServesTheLastFailureIsTold() throws Exception {
        rig.upstream.close();
        spare.close();
        last.pretend("429");
        StreamProblem problem = problem(ask());
        assertThat(problem.code()).isEqualTo("upstream-rejected");
        assertThat(problem.status()).isEqualTo(429);
    }

    @Test
    void nobodyElseIsAskedWhenTheTimeIsUsedUp() throws Exception {
        rig.upstream.pretend("slow");
        // The first may take 400 ms; an attempt wants a second.
        String hurried = Requests.stream(rig.clock, "echo").replace(":20000", ":1200");
        assertThat(problem(client.askAndAnswer(hurried)).code()).isEqualTo("upstream-timeout");
        assertThat(spare.seen()).isEmpty();
    }

    @Test
    void anOpenBreakerSparesTheFirstUntilItIsWell() throws Exception {
        rig.upstream.pretend("503");
        for (int i = 0; i < 10; i++) {
            servedBy("spare", ask());
        }
        assertThat(breaker("primary", "open")).isEqualTo(1);
        assertThat(breaker("spare", "closed")).isEqualTo(1);
        int asked = rig.upstream.seen().size();
        servedBy("spare", ask());
        assertThat(rig.upstream.seen()).hasSize(asked);

        rig.upstream.pretend(null);
        Awaitility.await().until(() -> {
            ask();
            return audited().equals("ok by primary");
        });
        Awaitility.await().until(() -> {
            ask();
            return breaker("primary", "closed") == 1;
        });
    }

    @Test
    void cancellingClosesTheSecondAttempt() throws Exception {
        rig.upstream.pretend("503");
        int stream = client.ask(Requests.stream(rig.clock, "endless"));
        Awaitility.await().until(() -> spare.endlessEvents() > 0);
        for (byte[] frame : client.session().sealError(stream, StreamProblem.CANCELLED)) {
            client.send(frame);
        }
        spare.endlessClosed().get(10, TimeUnit.SECONDS);
        assertThat(audited()).isEqualTo("cancelled by spare");
    }

    @Test
    void theDeadlineEndsTheSecondAttempt() throws Exception {
        rig.upstream.pretend("503");
        String hurried = Requests.stream(rig.clock, "endless").replace(":20000", ":2000");
        assertThat(problem(client.askAndAnswer(hurried)).code()).isEqualTo("upstream-timeout");
        spare.endlessClosed().get(10, TimeUnit.SECONDS);
    }

    @Test
    void eachServerGetsItsOwnKeyOnly() throws Exception {
        servedBy("primary", ask());
        rig.upstream.pretend("503");
        servedBy("spare", ask());
        spare.pretend("503");
        servedBy("last", ask());
        assertThat(rig.upstream.authorizations()).containsOnly("Bearer " + RelayRig.PRIMARYS_KEY);
        assertThat(spare.authorizations()).containsOnly("Bearer " + SPARES_KEY);
        assertThat(last.authorizations()).containsOnly("null");
    }

    @Test
    void theListOfModelsIsTheFirstsAndStaysSoWhileItIsAway() throws Exception {
        String listing = Requests.request(rig.clock, "/v1/models", "{}", Duration.ofMinutes(5));
        String known = client.askAndAnswer(listing).text();
        rig.upstream.close();
        spare.close();
        rig.clock.advance(Duration.ofMinutes(2));
        Answer later = client.askAndAnswer(Requests.request(rig.clock, "/v1/models", "{}", Duration.ofMinutes(5)));
        assertThat(later.text()).isEqualTo(known);
    }

    @Test
    void aRelayThatNeverHadTheFirstsListTakesAStandInsInTheClientsNames() throws Exception {
        rig.upstream.close();
        spare.close();
        last.listsAlso("its \"own\" name");
        Answer list = client.askAndAnswer(Requests.request(rig.clock, "/v1/models", "{}", Duration.ofMinutes(5)));
        assertThat(list.text()).isEqualTo("{\"object\":\"list\",\"data\":[{\"id\":\"echo\",\"object\":\"model\"}]}");
        assertThat(Optional.ofNullable(list.problem())).isEmpty();
    }
}
