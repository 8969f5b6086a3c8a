package dev.postern.system.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.postern.test.ProjectFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The compiled production classes of all modules.
final class PosternClasses {
    /// Base packages of the six services.
    static final List<String> SERVICES = List.of(
            "dev.postern.rotation",
            "dev.postern.sts",
            "dev.postern.auditing",
            "dev.postern.redacting",
            "dev.postern.relay",
            "dev.postern.gateway");

    /// Base packages of the libraries that know no framework.
    static final List<String> LIBRARIES = List.of(
            "dev.postern.session",
            "dev.postern.client",
            "dev.postern.token",
            "dev.postern.audit",
            "dev.postern.archive",
            "dev.postern.tlog",
            "dev.postern.redis",
            "dev.postern.policy",
            "dev.postern.trust",
            "dev.postern.identity",
            "dev.postern.kms",
            "dev.postern.redact");

    static final String VAULT = "dev.postern.vault";

    static final List<String> PROGRAMS = List.of("dev.postern.cli", "dev.postern.simulator");

    private PosternClasses() {}

    static JavaClasses all() {
        try (Stream<Path> modules = Files.list(ProjectFiles.root());
                Stream<Path> clients = Files.list(ProjectFiles.root().resolve("clients"))) {
            List<Path> outputs = Stream.concat(modules, clients)
                    .filter(module -> !module.endsWith("test-support") && !module.endsWith("test-relay"))
                    .map(module -> module.resolve("target").resolve("classes"))
                    .filter(Files::isDirectory)
                    .toList();
            return new ClassFileImporter().importPaths(outputs);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String[] below(List<String> packages) {
        return packages.stream().map(name -> name + "..").toArray(String[]::new);
    }
}
