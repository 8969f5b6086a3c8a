package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.keys.FakeRotationService;
import dev.postern.cli.terminal.Failure;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

/// `postern keys` and `postern drill compromise`, with a rotation service that answers what the test says.
@SuppressWarnings("NullAway.Init")
class KeysCommandTest {
    private static final String CALLED = "\"phases\":{\"called\":\"2026-11-23T12:00:00Z\","
            + "\"denied\":\"2026-11-23T12:00:00.250Z\"},\"acknowledgements\":[],\"sessions_ended\":2";
    private static final String COMPLETE = "{" + CALLED + ",\"finished\":true,\"silent\":[],\"owed\":[]}";
    private static final String INCOMPLETE = "{" + CALLED
            + ",\"finished\":true,\"silent\":[{\"id\":\"spiffe://postern.local/service/a\"}],\"owed\":[\"a spare\"]}";

    private final StringWriter out = new StringWriter();
    private FakeRotationService service;

    @BeforeEach
    void start() throws Exception {
        service = new FakeRotationService();
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void listWhenAskedThenALineForEachKeyAndWhetherThereIsAPause() {
        service.answers("GET /v1/keys", 200, """
                {"keys":[{"class":"relay-hpke","state":"active","kid":"k-1",
                          "owner":"spiffe://postern.local/service/inference-relay","since":"2026-11-23T12:00:00Z"}],
                 "paused_since":"2026-11-23T13:00:00Z"}""");

        assertThat(keys("list")).isZero();
        assertThat(out.toString().lines())
                .satisfiesExactly(
                        key -> assertThat(key)
                                .matches("relay-hpke +active +k-1 +inference-relay +since 2026-11-23T12:00:00Z"),
                        pause ->
                                assertThat(pause).isEqualTo("Scheduled rotation is paused since 2026-11-23T13:00:00Z"));
    }

    @Test
    void listWhenJsonIsWantedThenTheDocumentAsItIs() {
        service.answers("GET /v1/keys", 200, "{\"keys\":[]}");

        assertThat(keys("list", "--json")).isZero();
        assertThat(out.toString().strip()).isEqualTo("{\"keys\":[]}");
    }

    @Test
    void planWhenAskedThenWhenAndWhatHoldsItUp() {
        service.answers("GET /v1/rotations/plan", 200, """
                [{"class":"pseudonym","kid":"k-2","at":"2026-12-01T00:00:00Z","held":"paused"}]""");

        assertThat(keys("plan")).isZero();
        assertThat(out.toString().strip()).matches("pseudonym +k-2 +2026-12-01T00:00:00Z paused");
    }

    @Test
    void changesWhenAskedForThenSent() {
        service.answers("POST /v1/rotations", 202, "{\"moves\":[1]}");
        service.answers("POST /v1/rotations", 202, "{\"moves\":[1]}");
        service.answers("POST /v1/rotations/pause", 204, "");
        service.answers("POST /v1/rotations/resume", 204, "");

        assertThat(keys("rotate", "pseudonym")).isZero();
        assertThat(out.toString()).contains("{\"moves\":[1]}");
        assertThat(keys("rotate", "kms-wrapping", "--owner", "token-service")).isZero();
        assertThat(keys("pause")).isZero();
        assertThat(keys("resume")).isZero();
        assertThat(service.calls())
                .containsExactly(
                        "POST /v1/rotations {\"class\":\"pseudonym\"}",
                        "POST /v1/rotations {\"class\":\"kms-wrapping\",\"owner\":\"service/token-service\"}",
                        "POST /v1/rotations/pause {}",
                        "POST /v1/rotations/resume {}");
    }

    @Test
    void changeWhenRefusedThenFails() {
        service.answers("POST /v1/rotations", 409, "{\"code\":\"conflict\",\"detail\":\"One is under way.\"}");

        assertThat(keys("rotate", "pseudonym")).isEqualTo(1);
        assertThat(out.toString()).contains("One is under way.");
    }

    @Test
    void drillWhenCompleteThenZeroAndTheStepsWithTheirTimes() throws Exception {
        begin("relay-hpke", COMPLETE);

        assertThat(drill("--key", "relay-hpke", "--owner", "inference-relay")).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "       0 ms  called",
                        "     250 ms  denied",
                        "Sessions and requests that ended with the key: 2");
        assertThat(service.calls())
                .contains("POST /v1/keys/relay-hpke/compromise"
                        + " {\"mode\":\"drill\",\"owner\":\"service/inference-relay\"}");
    }

    @Test
    void drillWhenTheKeySealedValuesThenHowManyWereSealedAnew() throws Exception {
        begin("kms-wrapping", COMPLETE);

        assertThat(drill("--key", "kms-wrapping")).isZero();
        assertThat(out.toString()).contains("Values that were sealed anew: 2").doesNotContain("Sessions");
    }

    @Test
    void drillWhenSomethingNeverHappenedThenOneAndSaysWhat() throws Exception {
        begin("relay-hpke", INCOMPLETE);

        assertThat(drill("--key", "relay-hpke")).isEqualTo(1);
        assertThat(out.toString()).contains("never     acknowledged by spiffe://postern.local/service/a", "a spare");
    }

    @Test
    void drillWhenItsReportLacksAMemberThenOne() throws Exception {
        begin("relay-hpke", "{" + CALLED + ",\"finished\":true}");

        assertThat(drill("--key", "relay-hpke", "--json")).isEqualTo(1);
        assertThat(new JsonMapper().readTree(out.toString()).path("ok").booleanValue(true))
                .isFalse();
    }

    @Test
    void certificateWhenDrilledThenTheOneOfTheNamedService() throws Exception {
        service.answers("GET /actuator/identity", 200, "{\"serial\":\"5f\"}");
        begin("service-cert", COMPLETE);

        assertThat(drill("--key", "service-cert", "--owner", "token-service")).isZero();
        assertThat(service.calls())
                .contains("POST /v1/keys/service-cert/compromise {\"mode\":\"drill\",\"kid\":\"5f\"}");
    }

    private void begin(String keyClass, String report) {
        service.answers("POST /v1/keys/" + keyClass + "/compromise", 202, "{\"id\":\"i-1\"}");
        service.answers("GET /v1/compromises/i-1", 200, report);
    }

    private KeysAccess access() {
        return new KeysAccess(service.client(), service.address(), _ -> service.address());
    }

    private int keys(String... arguments) {
        PrintWriter writer = new PrintWriter(out);
        return new CommandLine(new KeysCommand(this::access))
                .setOut(writer)
                .setExecutionExceptionHandler((exception, _, _) -> {
                    assertThat(exception).isInstanceOf(Failure.class);
                    writer.println(exception.getMessage());
                    writer.flush();
                    return 1;
                })
                .execute(arguments);
    }

    private int drill(String... arguments) throws InterruptedException {
        DrillCommand.Compromise command = new DrillCommand.Compromise();
        CommandLine line = new CommandLine(command).setOut(new PrintWriter(out));
        line.parseArgs(arguments);
        try (KeysAccess access = access()) {
            return command.drill(access, Duration.ofSeconds(20));
        }
    }
}
