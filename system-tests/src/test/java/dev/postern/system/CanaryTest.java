package dev.postern.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.proof.EncryptionProof;
import dev.postern.cli.proof.StoreEvidence;
import dev.postern.cli.scan.DiskScan;
import dev.postern.system.SystemPlatform.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// After everything else: nothing of what users wrote is on the disk, and the files are private.
@Order(60)
@ExtendWith(SystemPlatform.class)
class CanaryTest {
    private static final Set<PosixFilePermission> OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    @Test
    void diskWhenSearchedThenHoldsNothingOfAnyPrompt(Running platform) throws Exception {
        String token = platform.token();
        new Edge(platform).chat(token, Canary.prompt("last"));

        List<String> values = new ArrayList<>(Canary.unwritable());
        values.add(token);
        DiskScan.Finding finding = DiskScan.of(platform.home().root(), values);

        assertThat(finding.files()).isGreaterThan(20);
        assertThat(finding.filesWithHits()).isEmpty();
    }

    @Test
    void storesWhenExaminedThenEachIsAsTheInventorySays(Running platform) {
        EncryptionProof.Result result = EncryptionProof.of(platform.home(), Canary.unwritable(), Optional.empty());

        assertThat(result.unknown()).isEmpty();
        assertThat(result.stores()).flatExtracting(StoreEvidence::findings).isEmpty();
    }

    @Test
    void directoriesWhenLookedAtThenClosedToOthers(Running platform) throws Exception {
        try (Stream<Path> all = Files.walk(platform.home().root(), 3)) {
            for (Path directory : all.filter(Files::isDirectory).toList()) {
                assertThat(Files.getPosixFilePermissions(directory))
                        .as(directory.toString())
                        .doesNotContainAnyElementsOf(OTHERS);
            }
        }
    }

    @Test
    void secretsWhenLookedAtThenClosedToOthers(Running platform) throws Exception {
        try (Stream<Path> all = Files.walk(platform.home().root())) {
            List<Path> secrets = all.filter(Files::isRegularFile)
                    .filter(
                            file -> file.toString()
                                    .matches(
                                            ".*(/password|passphrase|keyset.*|key\\.pem|private-key\\.jwk|redis\\.conf|\\.log)$"))
                    .toList();
            assertThat(secrets).hasSizeGreaterThan(8);
            for (Path secret : secrets) {
                assertThat(Files.getPosixFilePermissions(secret))
                        .as(secret.toString())
                        .doesNotContainAnyElementsOf(OTHERS);
            }
        }
    }
}
