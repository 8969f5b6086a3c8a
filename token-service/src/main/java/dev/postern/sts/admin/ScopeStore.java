package dev.postern.sts.admin;

import dev.postern.chassis.problem.Preconditions;
import dev.postern.sts.sealing.RegistrySeal;
import dev.postern.sts.sealing.SealedColumn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The scopes that clients may be given.
final class ScopeStore {

    /// @param builtIn whether the platform's own services look for it: it stays
    record Scope(String name, String description, boolean builtIn, long version) {}

    private final JdbcClient jdbc;
    private final RegistrySeal seal;

    ScopeStore(JdbcClient jdbc, RegistrySeal seal) {
        this.jdbc = jdbc;
        this.seal = seal;
    }

    Optional<Scope> find(String name) {
        return jdbc.sql("select * from scope where name = ?")
                .param(name)
                .query((row, _) -> scope(row))
                .optional();
    }

    List<Scope> list(String after, int limit) {
        return jdbc.sql("select * from scope where name > ? order by name fetch first ? rows only")
                .param(after)
                .param(limit)
                .query((row, _) -> scope(row))
                .list();
    }

    /// Those of `names` that do not exist.
    Set<String> unknown(Collection<String> names) {
        Set<String> unknown = new java.util.TreeSet<>(names);
        unknown.removeIf(name -> find(name).isPresent());
        return unknown;
    }

    /// Whether a client holds it.
    boolean isHeld(String name) {
        return jdbc.sql("select count(*) from client_scope where scope = ?")
                        .param(name)
                        .query(Long.class)
                        .single()
                > 0;
    }

    /// Whether it was in the expected version, and is changed now.
    boolean put(String name, String description, long expected) {
        if (expected == Preconditions.ABSENT) {
            try {
                jdbc.sql("insert into scope (name, description, built_in, version) values (?, ?, false, 1)")
                        .param(name)
                        .param(sealed(name, description))
                        .update();
                return true;
            } catch (DuplicateKeyException _) {
                return false;
            }
        }
        return jdbc.sql("update scope set description = ?, version = version + 1 where name = ? and version = ?")
                        .param(sealed(name, description))
                        .param(name)
                        .param(expected)
                        .update()
                == 1;
    }

    /// Whether it was in the expected version, and is changed now.
    boolean remove(String name, long expected) {
        return jdbc.sql("delete from scope where name = ? and version = ? and not built_in")
                        .param(name)
                        .param(expected)
                        .update()
                == 1;
    }

    private String sealed(String name, String description) {
        return seal.seal(SealedColumn.SCOPE_DESCRIPTION, name, description);
    }

    private Scope scope(ResultSet row) throws SQLException {
        return new Scope(
                row.getString("name"),
                seal.open(SealedColumn.SCOPE_DESCRIPTION, row.getString("name"), row.getString("description")),
                row.getBoolean("built_in"),
                row.getLong("version"));
    }
}
