package dev.postern.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.cli.home.PosternHome;
import dev.postern.cli.terminal.Failure;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {
    @Test
    void portsWhenNothingIsSetThenThoseOfTheContract() {
        Ports ports = Ports.of(Map.of());

        assertThat(ports.endpoint(PlatformService.GATEWAY)).hasToString("https://localhost:8443");
        assertThat(ports.management(PlatformService.ROTATION)).isEqualTo(8944);
        assertThat(ports.simulatorEndpoint()).hasToString("http://127.0.0.1:8199");
        assertThat(ports.environment())
                .containsEntry("POSTERN_PORTS_TOKEN", "8543")
                .containsEntry("POSTERN_PORTS_REDACTION_GRPC", "8645")
                .containsEntry("POSTERN_MANAGEMENT_PORTS_RELAY", "8744");
    }

    @Test
    void portsWhenShiftedThenAllDifferAndNoneCollide() {
        Ports ports = Ports.of(Map.of("POSTERN_PORT_OFFSET", "10000"));

        assertThat(ports.of(PlatformService.GATEWAY)).isEqualTo(18443);
        assertThat(new HashSet<>(ports.all())).hasSameSizeAs(ports.all());
    }

    @Test
    void besideWhenTheFirstPairIsTakenThenTheNext() throws Exception {
        Ports ports = Ports.of(Map.of("POSTERN_PORT_OFFSET", "12000"));
        Ports.Replica first = ports.beside(PlatformService.RELAY);

        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), first.port()));

            assertThat(ports.beside(PlatformService.RELAY).port()).isGreaterThan(first.port());
        }
        assertThat(ports.all()).doesNotContain(first.port(), first.port() + 1);
    }

    @Test
    void offsetWhenNotANumberThenOneSentence() {
        assertThatThrownBy(() -> Ports.of(Map.of("POSTERN_PORT_OFFSET", "many")))
                .isInstanceOf(Failure.class);
        assertThatThrownBy(() -> Ports.of(Map.of("POSTERN_PORT_OFFSET", "60000")))
                .isInstanceOf(Failure.class);
    }

    @Test
    void offsetWhenThePlatformWasStartedWithOneThenLaterCommandsFindIt(@TempDir Path directory) {
        PosternHome home = new PosternHome(directory);
        new Ports(1000).record(home);

        assertThat(Ports.of(Map.of(), home).offset()).isEqualTo(1000);
        assertThat(Ports.of(Map.of("POSTERN_PORT_OFFSET", "0"), home).offset()).isZero();
    }
}
