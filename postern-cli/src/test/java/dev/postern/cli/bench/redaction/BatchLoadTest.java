package dev.postern.cli.bench.redaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.cli.terminal.Failure;
import dev.postern.redaction.v1.Request;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The load on the relay's stream, against a service that answers at once.
class BatchLoadTest {
    private static final Duration EACH = Duration.ofMillis(300);

    private FakeExchange service;

    @BeforeEach
    void start() throws Exception {
        service = new FakeExchange();
        // The connection opens.
        BatchLoad.run(service.channel(), Sample.ECHO, 1, Duration.ofMillis(1));
        service.forgetBatches();
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @ParameterizedTest
    @EnumSource
    void loadWhenServiceAnswersThenEveryQuestionIsMeasured(Sample sample) throws Exception {
        Tally tally = BatchLoad.run(service.channel(), sample, 1, EACH);

        assertThat(tally.failed()).isZero();
        assertThat(tally.nanos().count()).isPositive();
        assertThat(tally.micros(0.5)).isPositive();
        assertThat(tally.took()).isGreaterThanOrEqualTo(EACH);
        long asked = service.batches().stream()
                .flatMap(List::stream)
                .filter(request -> switch (sample) {
                    case ECHO -> true;
                    case STRUCTURED, PROSE -> request.hasPrompt();
                    case CHUNK -> request.hasAnswer();
                })
                .count();
        assertThat(tally.nanos().count()).isEqualTo((int) asked);
    }

    @Test
    void loadWhenManyStreamsThenTwoBatchesWithHalfOfThemEach() throws Exception {
        Tally tally = BatchLoad.run(service.channel(), Sample.ECHO, 5, EACH);

        assertThat(tally.failed()).isZero();
        assertThat(service.batches()).extracting(List::size).containsOnly(3, 2);
        assertThat(service.batches()).extracting(BatchLoadTest::exchanges).containsOnly("0 1 2", "3 4");
    }

    private static String exchanges(List<Request> batch) {
        return batch.stream()
                .map(request -> Long.toString(request.getExchange()))
                .collect(Collectors.joining(" "));
    }

    @Test
    void promptsWhenOneFollowsThenTheOneBeforeItIsLetGo() throws Exception {
        Tally tally = BatchLoad.run(service.channel(), Sample.PROSE, 1, EACH);

        assertThat(tally.failed()).isZero();
        assertThat(service.batches())
                .allSatisfy(batch -> assertThat(batch)
                        .extracting(Request::getStepCase)
                        .containsExactly(Request.StepCase.CANCEL, Request.StepCase.PROMPT));
    }

    @Test
    void chunksWhenAnAnswerEndsThenAnotherExchangeBegins() {
        Exchanges exchanges = new Exchanges(Sample.CHUNK, 7);
        for (int round = 0; round < 2; round++) {
            assertThat(only(exchanges.ask()).hasPrompt()).isTrue();
            assertThat(exchanges.hear(ReplyTo.prompt(7))).isEqualTo(Exchanges.Heard.BEFORE);
            for (int chunk = 1; chunk <= 1_024; chunk++) {
                assertThat(only(exchanges.ask()).getAnswer().getLast()).isEqualTo(chunk == 1_024);
                assertThat(exchanges.hear(ReplyTo.answer(7))).isEqualTo(Exchanges.Heard.MEASURED);
            }
        }
    }

    @Test
    void chunksWhenOneIsRefusedThenCountedAndBegunAnew() {
        Exchanges exchanges = new Exchanges(Sample.CHUNK, 7);
        exchanges.hear(ReplyTo.prompt(7));
        exchanges.hear(ReplyTo.answer(7));

        assertThat(exchanges.hear(ReplyTo.refused(7))).isEqualTo(Exchanges.Heard.BAD);
        assertThat(only(exchanges.ask()).hasPrompt()).isTrue();
    }

    private static Request only(List<Request> asked) {
        assertThat(asked).hasSize(1);
        return asked.getFirst();
    }

    @Test
    void loadWhenServiceRefusesThenAllHasFailed() throws Exception {
        service.refuse();

        Tally tally = BatchLoad.run(service.channel(), Sample.STRUCTURED, 2, EACH);

        assertThat(tally.failed()).isPositive();
        assertThat(tally.nanos().count()).isZero();
    }

    @Test
    void loadWhenStreamBreaksThenNoFigure() {
        service.fail();

        assertThatThrownBy(() -> BatchLoad.run(service.channel(), Sample.ECHO, 2, EACH))
                .isInstanceOf(Failure.class)
                .hasMessage("The load run over gRPC broke off.");
    }
}
