package dev.postern.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import dev.postern.cli.edge.ChatRequests;
import dev.postern.cli.keys.DrillReport;
import dev.postern.cli.keys.KeyLedger;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.platform.Platform;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.SecondInstance;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.token.TokenClaims;
import dev.postern.system.SystemPlatform.Running;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// Two replicas of key-rotation-service on one ledger. The one that leads is killed after it has decided a rotation and
/// a compromise, and before anybody can have heard of them.
@Order(45)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@ExtendWith(SystemPlatform.class)
class LeaderDeathTest {
    private static final PlatformService ROTATION = PlatformService.ROTATION;

    @Test
    void leaderWhenKilledInTheMiddleThenTheOtherFinishesAndEverybodyFollowsIt(Running running) throws Exception {
        Map<String, String> leasing = Map.of("POSTERN_ROTATION_ELECTION", "lease", "POSTERN_ROTATION_LEASE", "2s");
        Map<String, String> replica = new HashMap<>(leasing);
        // One ledger and one authority for both; each has its own events on the way.
        replica.put(
                "POSTERN_DATA_DIRECTORY",
                running.home().data(ROTATION.artifact()).toString());
        replica.put(
                "POSTERN_AUDIT_SPOOL_DIRECTORY",
                running.home()
                        .data(ROTATION.artifact() + "-2")
                        .resolve("audit-spool")
                        .toString());
        Platform platform = running.platform(leasing);
        platform.restart(ROTATION);
        try (SecondInstance second =
                SecondInstance.start(running.settings(), ROTATION, replica, new SecureRandom(), Clock.systemUTC())) {
            Edge.await("the second stands by", () -> status(running, second.endpoint()) == 503);
            KeyLedger first = new KeyLedger(running.operator(), running.endpoint(ROTATION, "/"));
            Edge.await(
                    "there are spares",
                    () -> !first.kids("token-signing", "PREPARED").isEmpty()
                            && !first.kids("pseudonym", "PREPARED").isEmpty());
            String before = running.token();

            String signing =
                    first.rotate("token-signing", Optional.empty()).path("activated").path(0).asString();
            JsonNode begun = drill(running);
            platform.process(ROTATION.artifact()).kill();

            try (TcpSwitch _ = TcpSwitch.listen(
                    running.settings().ports().of(ROTATION), second.endpoint().getPort())) {
                URI report = second.endpoint()
                        .resolve("/v1/compromises/" + begun.path("id").asString());
                Edge.await("the other has finished the report", () -> finished(running, report));
                DrillReport finished = new DrillReport(running.operator().json(report));
                assertThat(finished.complete())
                        .as(finished.document().toString())
                        .isTrue();
                KeyLedger other = new KeyLedger(running.operator(), second.endpoint());
                assertThat(other.kids("pseudonym", "COMPROMISED"))
                        .contains(begun.path("kids").path(0).asString());
                assertThat(other.kids("token-signing", "ACTIVE")).containsExactly(signing);
                Edge.await(
                        "the token-service signs with the new key",
                        () -> TokenClaims.kid(running.token()).equals(signing));
                for (String token : new String[] {before, running.token()}) {
                    assertThat(running.anyone()
                                    .send(ChatRequests.bearing(
                                            token, running.chat().models()))
                                    .statusCode())
                            .isEqualTo(200);
                }
            }
        } finally {
            running.shortLived().restart(ROTATION);
        }
    }

    private static JsonNode drill(Running running) throws InterruptedException {
        return Edge.JSON.readTree(running.operator()
                .send(PlatformHttp.request(running.endpoint(ROTATION, "/v1/keys/pseudonym/compromise"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"mode\":\"drill\"}")))
                .body());
    }

    private static boolean finished(Running running, URI report) throws InterruptedException {
        try {
            return running.operator().json(report).path("finished").asBoolean();
        } catch (Failure _) {
            return false; // it stands by, or has not begun to lead
        }
    }

    private static int status(Running running, URI replica) throws InterruptedException {
        try {
            return running.operator()
                    .send(PlatformHttp.request(replica.resolve("/v1/keys")))
                    .statusCode();
        } catch (Failure _) {
            return 0; // not there yet
        }
    }
}
