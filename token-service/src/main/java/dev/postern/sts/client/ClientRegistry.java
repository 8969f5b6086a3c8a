package dev.postern.sts.client;

import dev.postern.sts.client.ClientRegistration.Proof;
import dev.postern.sts.client.ClientRegistration.Proof.SignedAssertion;
import dev.postern.sts.client.ClientRegistration.Proof.WorkloadCertificate;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/// The clients in the database. A client that is not there may do nothing.
public final class ClientRegistry {

    private static final String PRIVATE_KEY_JWT = "private_key_jwt";
    private static final String TLS_CLIENT_AUTH = "tls_client_auth";

    private record Row(
            String tenant, String authMethod, @Nullable String jwks) {}

    private final JdbcClient jdbc;
    private final TransactionOperations transactions;
    private final Clock clock;

    ClientRegistry(JdbcClient jdbc, TransactionOperations transactions, Clock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.clock = clock;
    }

    public Optional<ClientRegistration> find(String clientId) {
        return jdbc.sql("select tenant, auth_method, jwks from client where client_id = ?")
                .param(clientId)
                .query((row, _) ->
                        new Row(row.getString("tenant"), row.getString("auth_method"), row.getString("jwks")))
                .optional()
                .map(row -> new ClientRegistration(
                        clientId,
                        row.tenant(),
                        proof(row),
                        strings("select scope from client_scope where client_id = ?", clientId),
                        strings("select audience from client_audience where client_id = ?", clientId)));
    }

    /// The names of all clients.
    Set<String> names() {
        return Set.copyOf(jdbc.sql("select client_id from client")
                .query((row, _) -> row.getString(1))
                .list());
    }

    /// From now on there is no such client.
    void remove(String clientId) {
        // Its scopes and audiences go with it.
        jdbc.sql("delete from client where client_id = ?").param(clientId).update();
    }

    /// Registers the client, in place of the one that had its name.
    public void save(ClientRegistration client) {
        transactions.executeWithoutResult(_ -> {
            jdbc.sql("delete from client where client_id = ?")
                    .param(client.clientId())
                    .update();
            jdbc.sql("insert into client (client_id, tenant, auth_method, jwks, updated_at) values (?, ?, ?, ?, ?)")
                    .param(client.clientId())
                    .param(client.tenant())
                    .param(method(client.proof()))
                    .param(keys(client.proof()))
                    .param(clock.instant().atOffset(ZoneOffset.UTC))
                    .update();
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
        });
    }

    private Set<String> strings(String sql, String clientId) {
        return Set.copyOf(jdbc.sql(sql)
                .param(clientId)
                .query((row, _) -> row.getString(1))
                .list());
    }

    private static Proof proof(Row row) {
        return switch (row.authMethod()) {
            case PRIVATE_KEY_JWT -> new SignedAssertion(ClientKeys.parse(String.valueOf(row.jwks())));
            case TLS_CLIENT_AUTH -> new WorkloadCertificate();
            default -> throw new IllegalStateException("the registry holds an unknown authentication method");
        };
    }

    private static String method(Proof proof) {
        return switch (proof) {
            case SignedAssertion _ -> PRIVATE_KEY_JWT;
            case WorkloadCertificate _ -> TLS_CLIENT_AUTH;
        };
    }

    private static @Nullable String keys(Proof proof) {
        return switch (proof) {
            case SignedAssertion(ClientKeys keys) -> keys.toJson();
            case WorkloadCertificate _ -> null;
        };
    }
}
