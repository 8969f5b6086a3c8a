package dev.postern.sts.client;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// The database file: one process owns it, in a directory only its user may enter.
final class RegistryDatabase {

    private static final int CONNECTIONS = 8;

    private RegistryDatabase() {}

    static HikariDataSource open(Path directory) {
        Path home = directory.toAbsolutePath().normalize();
        createPrivate(home);
        HikariConfig config = new HikariConfig();
        config.setPoolName("registry");
        // No delay: a proof used once must stay used after a crash of this process, so a commit is written at once.
        config.setJdbcUrl("jdbc:h2:file:" + home.resolve("registry") + ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0");
        config.setUsername("postern");
        config.setPassword("");
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        return new HikariDataSource(config);
    }

    private static void createPrivate(Path directory) {
        try {
            Files.createDirectories(directory);
            if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
