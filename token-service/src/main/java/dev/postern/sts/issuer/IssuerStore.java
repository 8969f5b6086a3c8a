package dev.postern.sts.issuer;

import dev.postern.sts.sealing.RegistrySeal;
import dev.postern.sts.sealing.SealedColumn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The allow-list of foreign issuers in the database. One that is not there is nobody.
public final class IssuerStore {

    private final JdbcClient jdbc;
    private final RegistrySeal seal;
    private final Clock clock;

    public IssuerStore(JdbcClient jdbc, RegistrySeal seal, Clock clock) {
        this.jdbc = jdbc;
        this.seal = seal;
        this.clock = clock;
    }

    public Optional<ForeignIssuer> find(String name) {
        return jdbc.sql("select name, document, version from foreign_issuer where name = ?")
                .param(name)
                .query((row, _) -> issuer(row))
                .optional();
    }

    /// By the `iss` of its tokens.
    public Optional<ForeignIssuer> findByIssuer(String issuer) {
        return jdbc.sql("select name, document, version from foreign_issuer where issuer = ?")
                .param(issuer)
                .query((row, _) -> issuer(row))
                .optional();
    }

    /// In the order of their names.
    public List<ForeignIssuer> list(String after, int limit) {
        return jdbc.sql("select name, document, version from foreign_issuer where name > ? order by name"
                        + " fetch first ? rows only")
                .param(after)
                .param(limit)
                .query((row, _) -> issuer(row))
                .list();
    }

    /// Stores it in place of the version it carries; 0 for a new one.
    ///
    /// @return with its new version; nothing if it is not in that version, or its `iss` is another one's
    public Optional<ForeignIssuer> put(ForeignIssuer issuer) {
        try {
            int changed = issuer.version() == 0 ? insert(issuer) : update(issuer);
            return changed == 1 ? find(issuer.name()) : Optional.empty();
        } catch (DuplicateKeyException _) {
            return Optional.empty();
        }
    }

    private int insert(ForeignIssuer issuer) {
        return jdbc.sql(
                        "insert into foreign_issuer (name, issuer, document, version, updated_at) values (?, ?, ?, 1, ?)")
                .param(issuer.name())
                .param(issuer.issuer())
                .param(seal.seal(SealedColumn.ISSUER_DOCUMENT, issuer.name(), issuer.toJson()))
                .param(clock.instant().atOffset(ZoneOffset.UTC))
                .update();
    }

    private int update(ForeignIssuer issuer) {
        return jdbc.sql("""
                        update foreign_issuer set issuer = ?, document = ?, version = version + 1, updated_at = ?
                        where name = ? and version = ?
                        """)
                .param(issuer.issuer())
                .param(seal.seal(SealedColumn.ISSUER_DOCUMENT, issuer.name(), issuer.toJson()))
                .param(clock.instant().atOffset(ZoneOffset.UTC))
                .param(issuer.name())
                .param(issuer.version())
                .update();
    }

    private ForeignIssuer issuer(ResultSet row) throws SQLException {
        return ForeignIssuer.stored(
                seal.open(SealedColumn.ISSUER_DOCUMENT, row.getString("name"), row.getString("document")),
                row.getLong("version"));
    }

    /// Whether it was in this version.
    public boolean remove(String name, long version) {
        return jdbc.sql("delete from foreign_issuer where name = ? and version = ?")
                        .param(name)
                        .param(version)
                        .update()
                == 1;
    }
}
