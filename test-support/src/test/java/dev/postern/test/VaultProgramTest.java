package dev.postern.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which program is taken. That it serves is the tests' of those who use it.
class VaultProgramTest {
    private static final String BAO = "OpenBao v2.1.0 (abc), built 2025-01-01T00:00:00Z";
    private static final String VAULT = "Vault v1.14.8 (abc), built 2023-12-04T17:45:28Z";

    @TempDir
    Path directory;

    @Test
    void baoComesBeforeVaultWhereverTheyLie() throws IOException {
        Path vault = program("first", "vault", VAULT);
        Path bao = program("second", "bao", BAO);
        List<String> path = List.of("", path("first"), path("second"));

        assertThat(VaultProgram.find("", path)).contains(bao);
        assertThat(VaultProgram.find(path("first"), path))
                .as("what was chosen comes before all")
                .contains(vault);
        assertThat(VaultProgram.find("", List.of(path("first")))).contains(vault);
    }

    @Test
    void vaultUnderAnotherLicenceIsNotTaken() throws IOException {
        program("first", "vault", "Vault v1.14.9 (abc), built 2024-01-01T00:00:00Z");
        program("second", "vault", "Vault v1.18.0 (abc), built 2024-01-01T00:00:00Z");
        List<String> path = List.of(path("first"), path("second"));

        assertThat(VaultProgram.find("", path)).isEmpty();
    }

    @Test
    void directoryOfThatNameIsNoProgram() throws IOException {
        Files.createDirectories(directory.resolve("first/vault"));

        assertThat(VaultProgram.find("", List.of(path("first"), path("nowhere"))))
                .isEmpty();
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    private Path program(String where, String name, String version) throws IOException {
        Path file = Files.createDirectories(directory.resolve(where)).resolve(name);
        Files.writeString(file, "#!/bin/sh\necho '" + version + "'\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
}
