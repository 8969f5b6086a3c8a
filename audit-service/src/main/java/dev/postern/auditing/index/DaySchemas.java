package dev.postern.auditing.index;

import dev.postern.auditing.epoch.Epoch;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Schemas in a PostgreSQL, one a day: `<prefix>_2026_11_26`.
final class DaySchemas extends IndexStore {
    private static final Pattern DATE = Pattern.compile("_(\\d{4})_(\\d{2})_(\\d{2})");
    /// With this, the names of what is rebuilt go on after the prefix.
    static final String BESIDE = "_rebuild";

    private final IndexDatabase database;
    private final String prefix;

    private DaySchemas(IndexDatabase database, String prefix) {
        this.database = database;
        this.prefix = prefix;
    }

    /// @throws IOException when the database cannot be used
    static DaySchemas open(IndexProperties properties) throws IOException {
        IndexDatabase database = new IndexDatabase(properties);
        try {
            database.check();
        } catch (IOException e) {
            database.close();
            throw e;
        }
        return new DaySchemas(database, properties.schema());
    }

    @Override
    DayTables day(Epoch epoch) {
        return new DaySchema(database, prefix + "_" + epoch.toString().replace('-', '_'));
    }

    @Override
    List<Epoch> days() throws IOException {
        try (Connection connection = database.forSchemas();
                PreparedStatement names = connection.prepareStatement(
                        "SELECT nspname FROM pg_catalog.pg_namespace WHERE starts_with(nspname::text, ?)")) {
            names.setString(1, prefix);
            List<Epoch> days = new ArrayList<>();
            try (ResultSet rows = names.executeQuery()) {
                while (rows.next()) {
                    epoch(rows.getString(1).substring(prefix.length())).ifPresent(days::add);
                }
            }
            days.sort(null);
            return days;
        } catch (SQLException e) {
            throw new IOException("the schemas of the audit index cannot be listed: " + e.getMessage(), e);
        }
    }

    private static Optional<Epoch> epoch(String suffix) {
        Matcher date = DATE.matcher(suffix);
        if (!date.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Epoch.of(LocalDate.of(
                    Integer.parseInt(date.group(1)),
                    Integer.parseInt(date.group(2)),
                    Integer.parseInt(date.group(3)))));
        } catch (DateTimeException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    @Override
    IndexStore beside() {
        return new DaySchemas(database, prefix + BESIDE);
    }

    @Override
    void removeEmpty() {
        // Nothing is left when no schema is.
    }

    /// One transaction shows all days; so it is one connection.
    @Override
    Moment moment() {
        return new Moment() {
            private @Nullable Connection shared;

            @Override
            public Connection of(DayTables day) throws SQLException {
                Connection connection = shared;
                if (connection == null) {
                    connection = database.forComparing();
                    shared = connection;
                }
                return connection;
            }

            @Override
            public void close() {
                if (shared != null) {
                    IndexStore.close(shared);
                }
            }
        };
    }

    @Override
    public String remedy() {
        return "Its schemas " + prefix + "_… may be dropped as a whole; they are rebuilt from the log.";
    }

    @Override
    public void close() {
        database.close();
    }
}
