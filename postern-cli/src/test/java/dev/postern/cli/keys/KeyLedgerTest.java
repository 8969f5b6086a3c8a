package dev.postern.cli.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.terminal.Failure;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway.Init")
class KeyLedgerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String UNFINISHED = "{\"finished\":false,\"silent\":[],\"owed\":[\"a spare\"]}";
    private static final String FINISHED = "{\"finished\":true,\"silent\":[],\"owed\":[]}";

    private FakeRotationService service;
    private PlatformHttp operator;
    private KeyLedger ledger;

    @BeforeEach
    void start() throws Exception {
        service = new FakeRotationService();
        operator = service.client();
        ledger = new KeyLedger(operator, service.address());
    }

    @AfterEach
    void stop() {
        operator.close();
        service.close();
    }

    @Test
    void callsWhenMadeThenWhatTheServiceUnderstands() throws Exception {
        service.answers("POST /v1/rotations", 202, "{\"moves\":[]}");
        service.answers("POST /v1/rotations/pause", 204, "");
        service.answers("POST /v1/rotations/resume", 204, "");

        assertThat(ledger.rotate("relay-hpke", Optional.empty()).has("moves")).isTrue();
        ledger.pause();
        ledger.resume();

        assertThat(service.calls())
                .containsExactly(
                        "POST /v1/rotations {\"class\":\"relay-hpke\"}",
                        "POST /v1/rotations/pause {}",
                        "POST /v1/rotations/resume {}");
    }

    @Test
    void drillWhenCalledThenItsReportIsReadUntilItIsFinished() throws Exception {
        service.answers("POST /v1/keys/relay-hpke/compromise", 202, "{\"id\":\"i-7\"}");
        service.answers("GET /v1/compromises/i-7", 200, UNFINISHED);
        service.answers("GET /v1/compromises/i-7", 200, UNFINISHED);
        service.answers("GET /v1/compromises/i-7", 200, FINISHED);

        assertThat(ledger.drill("relay-hpke", Optional.of("service/relay"), PATIENCE)
                        .complete())
                .isTrue();
        assertThat(service.calls())
                .containsExactly(
                        "POST /v1/keys/relay-hpke/compromise {\"mode\":\"drill\",\"owner\":\"service/relay\"}",
                        "GET /v1/compromises/i-7",
                        "GET /v1/compromises/i-7",
                        "GET /v1/compromises/i-7");
    }

    @Test
    void drillWhenItDoesNotFinishInTimeThenItsReportIsIncomplete() throws Exception {
        service.answers("POST /v1/keys/pseudonym/compromise", 202, "{\"id\":\"i-7\"}");
        service.answers("GET /v1/compromises/i-7", 200, UNFINISHED);

        assertThat(ledger.drill("pseudonym", Optional.empty(), Duration.ZERO).complete())
                .isFalse();
        assertThat(service.calls())
                .hasSize(2)
                .first()
                .isEqualTo("POST /v1/keys/pseudonym/compromise {\"mode\":\"drill\"}");
    }

    @Test
    void certificateWhenDrilledThenTheOneThatTheServiceShows() throws Exception {
        service.answers("GET /actuator/identity", 200, "{\"serial\":\"5f\"}");
        service.answers("POST /v1/keys/service-cert/compromise", 202, "{\"id\":\"i-8\"}");
        service.answers("GET /v1/compromises/i-8", 200, FINISHED);

        assertThat(ledger.drillCertificate(service.address(), PATIENCE).complete())
                .isTrue();
        assertThat(service.calls())
                .contains("POST /v1/keys/service-cert/compromise {\"mode\":\"drill\",\"kid\":\"5f\"}");
    }

    @Test
    void callWhenRefusedThenSaysWhy() {
        service.answers("POST /v1/rotations", 409, "{\"code\":\"conflict\",\"detail\":\"One is under way.\"}");
        service.answers("POST /v1/rotations/pause", 403, "{\"title\":\"Forbidden.\"}");
        service.answers("POST /v1/rotations/resume", 502, "<html>");

        assertThatThrownBy(() -> ledger.rotate("pseudonym", Optional.of("service/redaction-service")))
                .isInstanceOf(Failure.class)
                .hasMessage("Refused (conflict): One is under way.");
        assertThatThrownBy(ledger::pause).hasMessage("Refused (403): Forbidden.");
        assertThatThrownBy(ledger::resume).isInstanceOf(Failure.class).hasMessage("Refused (502): no reason given");
        assertThatThrownBy(ledger::list).isInstanceOf(Failure.class).hasMessageContaining("/v1/keys answered 404");
    }
}
