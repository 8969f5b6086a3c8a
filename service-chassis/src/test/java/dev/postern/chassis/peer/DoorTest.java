package dev.postern.chassis.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class DoorTest {
    private static final TrustDomain DOMAIN = new TrustDomain("postern.local");
    private static final InMemoryAuthority AUTHORITY =
            InMemoryAuthority.create("test", Duration.ofDays(1), Clock.systemUTC(), new SecureRandom());

    static Stream<Arguments> pairs() {
        return Arrays.stream(Workload.values())
                .flatMap(caller -> Arrays.stream(Door.values()).map(door -> Arguments.of(caller, door)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void bothEndsTakeTheirAnswerFromTheMatrix(Workload caller, Door door) {
        boolean declared = door.callers().contains(caller);
        URI id = caller.id(DOMAIN);
        assertThat(door.admits(DOMAIN, id)).isEqualTo(declared);
        assertThat(door.ids(DOMAIN).contains(id)).isEqualTo(declared);
        try (WorkloadIdentity identity = AUTHORITY.identityOf(id)) {
            if (declared) {
                assertThat(door.server(identity)).isEqualTo(door.callee().id(DOMAIN));
            } else {
                assertThatThrownBy(() -> door.server(identity)).isInstanceOf(IllegalStateException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void strangersAndNamesakesOfOtherDomainsAreAdmittedNowhere(Door door) {
        assertThat(door.admits(DOMAIN, DOMAIN.idOf("some-service"))).isFalse();
        assertThat(door.admits(DOMAIN, DOMAIN.idOf("operator/somebody"))).isFalse();
        for (Workload workload : Workload.values()) {
            assertThat(door.admits(DOMAIN, workload.id(new TrustDomain("elsewhere.example"))))
                    .isFalse();
        }
    }

    @Test
    void theDoorIsFoundByMethodAndPattern() {
        assertThat(Door.inFrontOf(Workload.ROTATION, "GET", "/v1/directory")).contains(Door.DIRECTORY);
        assertThat(Door.inFrontOf(Workload.ROTATION, "HEAD", "/v1/directory")).contains(Door.DIRECTORY);
        assertThat(Door.inFrontOf(Workload.ROTATION, "PUT", "/v1/keys/token-signing/{kid}"))
                .contains(Door.KEY_REGISTRATION);
        assertThat(Door.inFrontOf(Workload.ROTATION, "GET", "/v1/keys")).contains(Door.KEY_LIST);
        assertThat(Door.inFrontOf(Workload.ROTATION, "POST", "/v1/identities/join"))
                .isEqualTo(Optional.empty());
        assertThat(Door.inFrontOf(Workload.AUDIT, "GET", "/v1/directory")).isEmpty();
    }

    @Test
    void everyServiceHasAManagementDoorForTheOperatorAndTheMonitor() {
        for (Workload service : Workload.values()) {
            if (!service.workloadName().startsWith("operator/")) {
                assertThat(Door.ofManagement(service).callers())
                        .containsExactlyInAnyOrder(Workload.OPERATOR, Workload.MONITOR);
            }
        }
    }

    /// What is written about the matrix is the matrix.
    @Test
    void documentationShowsTheMatrix() throws IOException {
        List<String> rows = Files.readAllLines(Path.of("../docs/identity.md")).stream()
                .filter(line -> line.startsWith("| `"))
                .filter(line -> Arrays.stream(Door.values()).anyMatch(door -> line.startsWith("| `" + door + "` ")))
                .toList();
        assertThat(rows)
                .containsExactlyElementsOf(
                        Arrays.stream(Door.values()).map(DoorTest::row).toList());
    }

    private static String row(Door door) {
        return "| `" + door + "` | " + door.callee().workloadName() + " | " + door.description() + " | "
                + Arrays.stream(Workload.values())
                        .filter(door.callers()::contains)
                        .map(Workload::workloadName)
                        .collect(Collectors.joining(", "))
                + " |";
    }
}
