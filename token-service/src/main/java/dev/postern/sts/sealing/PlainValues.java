package dev.postern.sts.sealing;

import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What a version that did not seal has left in the registry.
final class PlainValues {
    /// How every sealed value begins. None of the plain ones may: they are documents, digests, identifiers, sentences.
    static final String SEALED = "pe1.";

    private final JdbcClient jdbc;
    private final RegistrySeal seal;

    PlainValues(JdbcClient jdbc, RegistrySeal seal) {
        this.jdbc = jdbc;
        this.seal = seal;
    }

    /// Seals all of it, but for remembered answers, which are forgotten: their digests were not keyed, and a repeat of
    /// such a request counts as new.
    void seal() {
        // Read before the actor is sealed.
        RegistryIndex actors = seal.index(SealedColumn.REVOCATION_ACTOR);
        jdbc.sql("select id, actor from revocation where actor not like ?")
                .param(SEALED + "%")
                .query((row, _) -> new String[] {row.getString(1), row.getString(2)})
                .list()
                .forEach(row -> jdbc.sql("update revocation set actor_index = ? where id = ?")
                        .param(actors.of(row[1]))
                        .param(row[0])
                        .update());
        jdbc.sql("delete from idempotency where answer not like ?")
                .param(SEALED + "%")
                .update();
        for (SealedColumn column : SealedColumn.values()) {
            new SealedRows(jdbc, column)
                    .change((row, value) ->
                            value.startsWith(SEALED) ? Optional.empty() : Optional.of(seal.seal(column, row, value)));
        }
    }
}
