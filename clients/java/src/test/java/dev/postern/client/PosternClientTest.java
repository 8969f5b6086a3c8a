package dev.postern.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.session.Refusal;
import dev.postern.testrelay.TestStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PosternClientTest extends ClientFixture {
    @Test
    void questionWhenAskedThenAnsweredAsTheModelWroteIt() throws Exception {
        gateway.model(stream -> {
            arrived.add(stream);
            stream.document("{\"n\": 1.50}");
        });

        assertThat(client.ask(chat("{\"model\":\"m\",\"temperature\":0.10}")).text())
                .isEqualTo("{\"n\": 1.50}");
        TestStream stream = arrived();
        assertThat(stream.request().path("op").asString()).isEqualTo("/v1/chat/completions");
        assertThat(stream.request().path("msg_id").asString()).hasSize(22);
        assertThat(stream.request().path("deadline_ms").asLong()).isBetween(30_000L, 60_000L);
        assertThat(stream.request().path("body").path("model").asString()).isEqualTo("m");
        assertThat(client.models().text()).isEqualTo("{\"n\": 1.50}");
        assertThat(arrived().request().has("body")).isFalse();
    }

    @Test
    void contentsWhenLongerThanAFrameThenWhole() throws Exception {
        String longText = "x".repeat(100_000);
        gateway.model(stream -> stream.document(stream.request().path("body").toString()));

        assertThat(client.ask(chat("{\"text\":\"" + longText + "\"}"))
                        .json()
                        .path("text")
                        .asString())
                .isEqualTo(longText);
    }

    @Test
    void eventsWhenStreamedThenInOrderUntilTheEnd() throws Exception {
        gateway.model(stream -> {
            for (int i = 0; i < 100; i++) {
                stream.event("{\"i\":" + i + "}");
            }
            stream.end();
        });

        List<Integer> events = new ArrayList<>();
        try (AnswerStream answer = client.stream(chat("{\"stream\":true}"))) {
            Optional<Answer> event = answer.next();
            while (event.isPresent()) {
                events.add(event.get().json().path("i").asInt());
                event = answer.next();
            }
            assertThat(answer.next()).isEmpty();
        }
        assertThat(events).hasSize(100).isSorted().doesNotHaveDuplicates();
        assertThatThrownBy(() -> client.ask(chat("{\"stream\":true}"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void requestsWhenManyThenShareOneSession() throws Exception {
        gateway.model(stream -> stream.document(stream.request().path("body").toString()));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                Callable<Integer> call = asking("{\"i\":" + i + "}");
                answers.add(threads.submit(call));
            }
            for (int i = 0; i < 50; i++) {
                assertThat(answers.get(i).get(20, TimeUnit.SECONDS)).isEqualTo(i);
            }
        }
        assertThat(gateway.opened()).isEqualTo(1);
    }

    @Test
    void requestWhenRefusedThenTypedAndTheSessionLives() throws Exception {
        gateway.model(stream -> stream.fail("unknown-model", 404));
        assertThatExceptionOfType(PosternFailure.Refused.class)
                .isThrownBy(() -> client.ask(chat("{}")))
                .satisfies(refused -> {
                    assertThat(refused.code()).isEqualTo("unknown-model");
                    assertThat(refused.status()).isEqualTo(404);
                });
        gateway.model(stream -> stream.document("{}"));
        assertThat(client.ask(chat("{}")).text()).isEqualTo("{}");
        assertThat(gateway.opened()).isEqualTo(1);
    }

    @Test
    void streamWhenClosedThenCancelledAtTheRelay() throws Exception {
        gateway.model(stream -> {
            arrived.add(stream);
            stream.event("{}");
        });
        try (AnswerStream answer = client.stream(chat("{\"stream\":true}"))) {
            assertThat(answer.next()).isPresent();
        }
        assertThat(arrived().cancelled()).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("cancelled");
    }

    @Test
    void answerWhenCutOffThenTruncatedAndNeverSuccess() throws Exception {
        gateway.model(stream -> {
            stream.event("{}");
            arrived.add(stream);
        });
        try (AnswerStream answer = client.stream(chat("{\"stream\":true}").idempotent())) {
            assertThat(answer.next()).isPresent();
            arrived().session().breakConnection();
            assertThatThrownBy(answer::next).isInstanceOf(PosternFailure.Truncated.class);
        }
        assertThat(gateway.opened()).isEqualTo(1);
    }

    @Test
    void streamWhenItsClientIsClosedThenLost() throws Exception {
        gateway.model(arrived::add);
        AnswerStream answer = client.stream(chat("{\"stream\":true}"));
        arrived();
        client.close();

        assertThatThrownBy(answer::next).isInstanceOf(PosternFailure.SessionLost.class);
        assertThatThrownBy(() -> client.ask(chat("{}"))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void gatewayWhenItStallsThenTheRequestsDeadlineHoldsAndTheNextIsServed() throws Exception {
        gateway.model(stream -> stream.document("{}"));
        gateway.stall(true);
        Settings brisk = new Settings(
                Duration.ofSeconds(3),
                QUICK.stall(),
                QUICK.ahead(),
                QUICK.firstDelay(),
                QUICK.maxDelay(),
                QUICK.attempts(),
                QUICK.streams(),
                QUICK.unread(),
                QUICK.maxMessage());
        try (PosternClient another = client(brisk)) {
            Request hurried = chat("{}").within(Duration.ofMillis(1));
            assertThatThrownBy(() -> another.ask(hurried)).isInstanceOf(PosternFailure.TimedOut.class);
            gateway.stall(false);
            assertThat(another.ask(chat("{}")).text()).isEqualTo("{}");
        }
    }

    @Test
    void answerWhenAHopClosesWithForbiddenInTheMiddleThenForbidden() throws Exception {
        gateway.model(stream -> {
            stream.event("{}");
            arrived.add(stream);
        });
        try (AnswerStream answer = client.stream(chat("{\"stream\":true}"))) {
            assertThat(answer.next()).isPresent();
            arrived().session().hangUp(Refusal.FORBIDDEN);
            assertThatThrownBy(answer::next).isInstanceOf(PosternFailure.Forbidden.class);
        }
    }

    @Test
    void answerWhenReadSlowlyThenHeldBackAndWhole() throws Exception {
        gateway.model(PosternClientTest::flood);
        try (PosternClient narrow = client(QUICK.withUnread(10_000, Duration.ofSeconds(30)));
                AnswerStream answer = narrow.stream(chat("{\"stream\":true}"))) {
            int events = 0;
            while (answer.next().isPresent()) {
                events++;
            }
            assertThat(events).isEqualTo(200);
        }
    }

    @Test
    void answerWhenNotReadThenLostAndTheOthersGoOn() throws Exception {
        gateway.model(stream -> {
            if (stream.request().path("body").has("flood")) {
                arrived.add(stream);
                pour(stream);
            } else {
                stream.document("{}");
            }
        });
        try (PosternClient narrow = client(QUICK.withUnread(10_000, Duration.ofMillis(100)));
                AnswerStream unread = narrow.stream(chat("{\"stream\":true,\"flood\":1}"))) {
            assertThat(narrow.ask(chat("{}")).text()).isEqualTo("{}");
            assertThat(arrived().cancelled())
                    .succeedsWithin(Duration.ofSeconds(10))
                    .isEqualTo("cancelled");
            assertThatThrownBy(() -> {
                        while (unread.next().isPresent()) {
                            assertThat(gateway.opened()).isEqualTo(1);
                        }
                    })
                    .isInstanceOf(PosternFailure.ReadTooSlowly.class);
        }
    }

    @Test
    void deadlineWhenPassedThenTimedOutAndCancelled() throws Exception {
        gateway.model(stream -> stream.document("{}"));
        var _ = client.models();
        gateway.model(arrived::add);
        Request hurried = chat("{}").within(Duration.ofMillis(1));

        assertThatThrownBy(() -> client.ask(hurried)).isInstanceOf(PosternFailure.TimedOut.class);
        assertThat(arrived().cancelled()).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("cancelled");
    }

    @Test
    void secretsWhenPrintedThenAbsent() {
        assertThat(new Token("secret", Instant.EPOCH).toString()).doesNotContain("secret");
        assertThat(chat("{\"secret\":1}").toString()).doesNotContain("secret");
        assertThat(new Answer("secret".getBytes(StandardCharsets.UTF_8)).toString())
                .doesNotContain("secret");
    }

    @Test
    void requestWhenLabelledThenTheRelayIsTold() throws Exception {
        gateway.model(stream -> {
            arrived.add(stream);
            stream.document("{}");
        });
        Request request = chat("{\"model\":\"m\"}").labelled(Sensitivity.RESTRICTED);
        for (Request each : List.of(request, request.idempotent(), request.within(Duration.ofSeconds(30)))) {
            client.ask(each);
            assertThat(arrived().request().path("sensitivity").asString()).isEqualTo("restricted");
        }
        client.ask(chat("{\"model\":\"m\"}"));
        assertThat(arrived().request().has("sensitivity")).isFalse();
    }

    @Test
    void bodyWhenSentThenOctetByOctetAsGiven() {
        assertThat(new String(
                        chat(" {\"temperature\": 0.10}\n").document("id", Duration.ofMinutes(1)),
                        StandardCharsets.UTF_8))
                .isEqualTo("{\"op\":\"/v1/chat/completions\",\"msg_id\":\"id\",\"deadline_ms\":60000,"
                        + "\"body\": {\"temperature\": 0.10}\n}");
    }

    @Test
    void requestWhenNotOneJsonObjectThenRefused() {
        for (String body : List.of("[]", "1", "{}{}", "{", "{},\"x\":1")) {
            assertThatThrownBy(() -> chat(body)).isInstanceOf(IllegalArgumentException.class);
        }
        for (byte[] notUtf8 : List.of(
                "{}".getBytes(StandardCharsets.UTF_16BE),
                "\ufeff{}".getBytes(StandardCharsets.UTF_8),
                "{\"x\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1))) {
            assertThatThrownBy(() -> Request.of(Request.CHAT, notUtf8)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> builder(URI.create("http://localhost"), Clock.systemUTC())
                        .build())
                .isInstanceOf(IllegalArgumentException.class);
    }

    private Callable<Integer> asking(String body) {
        return () -> client.ask(chat(body)).json().path("i").asInt();
    }

    private static void flood(TestStream stream) {
        pour(stream);
        stream.end();
    }

    private static void pour(TestStream stream) {
        for (int i = 0; i < 200; i++) {
            stream.event("{\"text\":\"" + "x".repeat(4_000) + "\"}");
        }
    }
}
