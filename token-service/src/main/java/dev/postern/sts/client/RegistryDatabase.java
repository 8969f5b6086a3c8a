package dev.postern.sts.client;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import dev.postern.sts.TokenServiceProperties.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/// The database: by default a file that one process owns, in a directory only its user may enter; PostgreSQL, shared
/// by replicas, by configuration.
///
/// When it does not answer within three seconds, what needs it fails: nobody waits longer.
final class RegistryDatabase {

    private static final long TIMEOUT_MILLIS = 3_000;

    private RegistryDatabase() {}

    static HikariDataSource open(Database settings, Path directory) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("registry");
        config.setUsername(settings.username());
        config.setPassword("");
        config.setMaximumPoolSize(settings.connections());
        config.setMinimumIdle(1);
        config.setConnectionTimeout(TIMEOUT_MILLIS);
        if (settings.url().isEmpty()) {
            Path home = directory.toAbsolutePath().normalize();
            createPrivate(home);
            // No delay: what was revoked must stay revoked after a crash, so a commit is written at once.
            config.setJdbcUrl("jdbc:h2:file:" + home.resolve("registry") + ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0");
            return new HikariDataSource(config);
        }
        config.setJdbcUrl(settings.url());
        if (settings.url().startsWith("jdbc:postgresql:")) {
            config.addDataSourceProperty("connectTimeout", "3");
            config.addDataSourceProperty("socketTimeout", "3");
            config.addDataSourceProperty("ApplicationName", "token-service");
        }
        config.setCredentialsProvider(() -> new Credentials(settings.username(), password(settings.passwordFile())));
        return new HikariDataSource(config);
    }

    private static String password(@Nullable Path file) {
        if (file == null) {
            return "";
        }
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("postern.sts.database.password-file cannot be read", e);
        }
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
