package dev.postern.cli.platform;

import dev.postern.cli.terminal.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A built checkout: where the runnable jars are. The launcher script says where it is by the property
/// `postern.checkout`.
public record Checkout(Path root) {
    public Checkout {
        root = root.toAbsolutePath().normalize();
    }

    public static Checkout current() {
        return new Checkout(Path.of(System.getProperty("postern.checkout", "")));
    }

    /// The runnable jar of a module, as the build left it.
    public Path jar(String module) {
        Path target = root.resolve(module).resolve("target");
        if (Files.isDirectory(target)) {
            try (Stream<Path> files = Files.list(target)) {
                List<Path> jars = files.filter(file -> file.toString().endsWith("-exec.jar"))
                        .toList();
                if (jars.size() == 1) {
                    return jars.getFirst();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        throw new Failure(module + " is not built: run ./postern, which builds what is missing, or ./mvnw package.");
    }

    /// Where a module's unpacked program and its caches are kept; `mvn clean` removes them.
    Path programDirectory(String module) {
        return root.resolve(module).resolve("target").resolve("program");
    }
}
