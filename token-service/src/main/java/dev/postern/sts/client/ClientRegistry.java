package dev.postern.sts.client;

import dev.postern.sts.sealing.RegistrySeal;
import dev.postern.sts.sealing.SealedColumn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/// The clients in the database, with optimistic locking. A client that is not there may do nothing.
///
/// Requests for tokens go through [Clients], which asks here only when something changed.
public final class ClientRegistry {

    /// A page is never longer.
    public static final int MAX_PAGE = 200;

    private static final String COLUMNS =
            "client_id, tenant, auth_method, jwks, certificate, secret_hash, policy, status, version";

    private record Row(
            String clientId,
            String tenant,
            String authMethod,
            @Nullable String jwks,
            @Nullable String certificate,
            @Nullable String secretHash,
            String policy,
            String status,
            long version) {}

    private final JdbcClient jdbc;
    private final TransactionOperations transactions;
    private final RegistrySeal seal;
    private final Clock clock;

    public ClientRegistry(JdbcClient jdbc, TransactionOperations transactions, RegistrySeal seal, Clock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.seal = seal;
        this.clock = clock;
    }

    public Optional<ClientRegistration> find(String clientId) {
        return jdbc.sql("select " + COLUMNS + " from client where client_id = ?")
                .param(clientId)
                .query(ClientRegistry::row)
                .optional()
                .map(this::registration);
    }

    /// The next clients in the order of their names.
    ///
    /// @param after the last name of the page before
    /// @param limit from 1 to [#MAX_PAGE]
    public List<ClientRegistration> page(Optional<String> after, int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new IllegalArgumentException("a page has 1 to 200 clients");
        }
        // Rows first: a client's sets are read on a connection of their own.
        List<Row> rows = jdbc.sql("select " + COLUMNS
                        + " from client where client_id > ? order by client_id fetch first " + limit + " rows only")
                .param(after.orElse(""))
                .query(ClientRegistry::row)
                .list();
        List<ClientRegistration> clients = new ArrayList<>();
        for (Row row : rows) {
            clients.add(registration(row));
        }
        return clients;
    }

    /// The names of all clients.
    Set<String> names() {
        return Set.copyOf(jdbc.sql("select client_id from client")
                .query((row, _) -> row.getString(1))
                .list());
    }

    /// Registers a new client.
    ///
    /// @return it with its version; nothing if its name is taken
    public Optional<ClientRegistration> create(ClientRegistration client) {
        ClientRegistration stored = client.withVersion(1);
        try {
            transactions.executeWithoutResult(_ -> {
                jdbc.sql("""
                        insert into client (client_id, tenant, auth_method, jwks, certificate, secret_hash, policy,
                            status, version, updated_at)
                        values (:client_id, :tenant, :auth_method, :jwks, :certificate, :secret_hash, :policy,
                            :status, 1, :now)
                        """).params(columns(stored)).update();
                writeSets(stored);
                tellOthers();
            });
        } catch (DuplicateKeyException _) {
            return Optional.empty();
        }
        return Optional.of(stored);
    }

    /// Replaces the client, if it is still at the version that `client` carries.
    ///
    /// @return it with its new version; nothing if there is no such client at that version
    public Optional<ClientRegistration> update(ClientRegistration client) {
        return Optional.ofNullable(transactions.execute(_ -> {
            int updated = jdbc.sql("""
                    update client set tenant = :tenant, auth_method = :auth_method, jwks = :jwks,
                        certificate = :certificate, secret_hash = :secret_hash, policy = :policy, status = :status,
                        version = version + 1, updated_at = :now
                    where client_id = :client_id and version = :version
                    """)
                    .params(columns(client))
                    .param("version", client.version())
                    .update();
            if (updated == 0) {
                return null;
            }
            jdbc.sql("delete from client_scope where client_id = ?")
                    .param(client.clientId())
                    .update();
            jdbc.sql("delete from client_audience where client_id = ?")
                    .param(client.clientId())
                    .update();
            writeSets(client);
            tellOthers();
            return client.withVersion(client.version() + 1);
        }));
    }

    /// Removes the client, if it is still at this version.
    ///
    /// @return whether it was
    public boolean delete(String clientId, long version) {
        return Boolean.TRUE.equals(transactions.execute(_ -> {
            // Its scopes and audiences go with it.
            int deleted = jdbc.sql("delete from client where client_id = ? and version = ?")
                    .param(clientId)
                    .param(version)
                    .update();
            if (deleted > 0) {
                tellOthers();
            }
            return deleted > 0;
        }));
    }

    /// Rises with every change to any client, by whichever replica.
    long changes() {
        return jdbc.sql("select changes from client_changes")
                .query((row, _) -> row.getLong(1))
                .single();
    }

    private void tellOthers() {
        jdbc.sql("update client_changes set changes = changes + 1").update();
    }

    private void writeSets(ClientRegistration client) {
        for (String scope : client.scopes()) {
            jdbc.sql("insert into client_scope (client_id, scope) values (?, ?)")
                    .param(client.clientId())
                    .param(scope)
                    .update();
        }
        for (String audience : client.audiences()) {
            jdbc.sql("insert into client_audience (client_id, audience) values (?, ?)")
                    .param(client.clientId())
                    .param(audience)
                    .update();
        }
    }

    private Map<String, @Nullable Object> columns(ClientRegistration client) {
        Map<String, @Nullable Object> columns = new HashMap<>();
        columns.put("client_id", client.clientId());
        columns.put("tenant", client.tenant());
        columns.put("auth_method", client.proof().method());
        columns.put("jwks", null);
        columns.put("certificate", null);
        columns.put("secret_hash", null);
        switch (client.proof()) {
            case Proof.SignedAssertion(ClientKeys keys) ->
                columns.put("jwks", seal.seal(SealedColumn.CLIENT_JWKS, client.clientId(), keys.toJson()));
            case Proof.PkiCertificate _, Proof.SelfSignedCertificate _ ->
                columns.put(
                        "certificate",
                        seal.seal(
                                SealedColumn.CLIENT_CERTIFICATE,
                                client.clientId(),
                                ClientDocument.toJson(ClientDocument.certificate(client.proof()))));
            case Proof.Secret(String hash) ->
                columns.put("secret_hash", seal.seal(SealedColumn.CLIENT_SECRET_HASH, client.clientId(), hash));
            case Proof.WorkloadCertificate _ -> {}
        }
        columns.put(
                "policy",
                seal.seal(
                        SealedColumn.CLIENT_POLICY,
                        client.clientId(),
                        ClientDocument.toJson(ClientDocument.of(client.policy()))));
        columns.put("status", client.status().wireName());
        columns.put("now", clock.instant().atOffset(ZoneOffset.UTC));
        return columns;
    }

    private Set<String> strings(String sql, String clientId) {
        return Set.copyOf(jdbc.sql(sql)
                .param(clientId)
                .query((row, _) -> row.getString(1))
                .list());
    }

    private static Row row(ResultSet row, int index) throws SQLException {
        return new Row(
                row.getString("client_id"),
                row.getString("tenant"),
                row.getString("auth_method"),
                row.getString("jwks"),
                row.getString("certificate"),
                row.getString("secret_hash"),
                row.getString("policy"),
                row.getString("status"),
                row.getLong("version"));
    }

    private ClientRegistration registration(Row row) {
        return new ClientRegistration(
                row.clientId(),
                row.tenant(),
                ClientDocument.proof(
                        row.authMethod(),
                        seal.openNullable(SealedColumn.CLIENT_JWKS, row.clientId(), row.jwks()),
                        seal.openNullable(SealedColumn.CLIENT_CERTIFICATE, row.clientId(), row.certificate()),
                        seal.openNullable(SealedColumn.CLIENT_SECRET_HASH, row.clientId(), row.secretHash())),
                strings("select scope from client_scope where client_id = ?", row.clientId()),
                strings("select audience from client_audience where client_id = ?", row.clientId()),
                ClientDocument.policy(
                        ClientDocument.read(seal.open(SealedColumn.CLIENT_POLICY, row.clientId(), row.policy()))),
                ClientDocument.status(row.status()),
                row.version());
    }
}
