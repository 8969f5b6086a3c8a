package dev.postern.system;

import dev.postern.cli.home.Directories;
import dev.postern.test.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Three custodians, who have their keys before the platform starts: what clients of one tenant ask is sealed to them
/// from its first moment, and no service has to start again for it.
final class Custodians {
    /// Whose prompts and answers are captured: no other test's.
    static final String TENANT = "case-law";

    static final List<String> NAMES = List.of("anna", "ben", "cleo");

    private static final Path DIRECTORY = ProjectFiles.root().resolve("system-tests/target/custodians");

    private Custodians() {}

    /// Makes their keys, as `docs/audit.md` tells them to.
    static void make(PosternCommand postern) throws IOException, InterruptedException {
        Directories.delete(DIRECTORY);
        Files.createDirectories(DIRECTORY);
        List<String> lines = new ArrayList<>();
        for (String name : NAMES) {
            Path publicLine = DIRECTORY.resolve(name + ".pub");
            postern.run("audit", "custodian", "keygen", name, key(name).toString(), publicLine.toString());
            lines.addAll(Files.readAllLines(publicLine));
        }
        Files.write(publicLines(), lines);
    }

    /// What the services are told of them.
    static Map<String, String> variables() {
        return Map.of(
                "POSTERN_RELAY_CAPTURE_CUSTODIANS", publicLines().toString(),
                "POSTERN_RELAY_CAPTURE_TENANTS", TENANT,
                "POSTERN_AUDIT_ARCHIVE_CUSTODIANS", publicLines().toString());
    }

    /// The public lines of all.
    static Path publicLines() {
        return DIRECTORY.resolve("custodians");
    }

    /// The private half of one.
    static Path key(String name) {
        return DIRECTORY.resolve(name + ".key");
    }
}
