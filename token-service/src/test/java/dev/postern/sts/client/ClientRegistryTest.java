package dev.postern.sts.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.identity.InMemoryAuthority;
import dev.postern.sts.TestClientKey;
import dev.postern.sts.TestDatabase;
import dev.postern.sts.client.ClientPolicy.Binding;
import dev.postern.sts.client.ClientPolicy.Exchange;
import dev.postern.sts.client.ClientPolicy.Sensitivity;
import dev.postern.sts.client.ClientRegistration.Status;
import dev.postern.test.MutableClock;
import dev.postern.token.AuthorizationDetail;
import dev.postern.token.IpRange;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/// The contract of the registry, on each database.
final class ClientRegistryTest {
    private final MutableClock clock = MutableClock.atNoon();
    private final ClientPolicy everything = new ClientPolicy(
            Set.of(Binding.DPOP, Binding.MTLS, Binding.BEARER),
            List.of(IpRange.parse("10.0.0.0/8"), IpRange.parse("2001:db8::/32")),
            Set.of("analyst", "night-shift"),
            Duration.ofSeconds(90),
            new Exchange(true, Set.of("corp"), Set.of("agent")),
            List.of(
                    new AuthorizationDetail.Models(Set.of("simulator-*")),
                    new AuthorizationDetail.Topics(
                            Set.of("orders.*"), Set.of(AuthorizationDetail.Topics.Action.SUBSCRIBE)),
                    new AuthorizationDetail.Budget(OptionalLong.of(5), OptionalLong.empty(), OptionalLong.of(100))),
            Sensitivity.CONFIDENTIAL);
    private final ClientRegistration demo = client("demo", everything);

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void createWhenNewThenFoundAsGiven(TestDatabase.Kind kind) {
        ClientRegistry registry = registry(kind);
        assertThat(registry.create(demo)).contains(demo.withVersion(1));
        assertThat(registry.find("demo")).contains(demo.withVersion(1));
        assertThat(registry.find("other")).isEmpty();
        assertThat(registry.find("DEMO")).isEmpty();
        assertThat(registry.create(demo)).as("its name is taken").isEmpty();
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void findWhenAnyProofThenTheSame(TestDatabase.Kind kind) {
        ClientRegistry registry = registry(kind);
        RegisteredAuthority authority = new RegisteredAuthority(
                InMemoryAuthority.create("corp", Duration.ofDays(1), Clock.systemUTC(), new SecureRandom())
                        .certificate());
        List<Proof> proofs = List.of(
                demo.proof(),
                new Proof.WorkloadCertificate(),
                new Proof.PkiCertificate(new CertificateSubject.Uri("urn:device:7"), authority),
                new Proof.PkiCertificate(new CertificateSubject.Dns("app.example"), authority),
                new Proof.PkiCertificate(CertificateSubject.DistinguishedName.of("CN=app, O=Example, C=CH"), authority),
                new Proof.SelfSignedCertificate(Set.of("A".repeat(43), "B".repeat(43))),
                new Proof.Secret("$2a$10$" + "a".repeat(53)));
        for (int i = 0; i < proofs.size(); i++) {
            ClientRegistration client = client("c" + i, ClientPolicy.DEFAULT).withProof(proofs.get(i));
            registry.create(client);
            assertThat(registry.find("c" + i)).contains(client.withVersion(1));
        }
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void updateWhenVersionIsCurrentThenReplacedWhole(TestDatabase.Kind kind) {
        ClientRegistry registry = registry(kind);
        registry.create(demo);
        ClientRegistration narrower = new ClientRegistration(
                "demo",
                "acme",
                new Proof.WorkloadCertificate(),
                Set.of("llm:invoke"),
                Set.of("urn:postern:relay"),
                ClientPolicy.DEFAULT,
                Status.DISABLED,
                1);
        assertThat(registry.update(narrower)).contains(narrower.withVersion(2));
        assertThat(registry.find("demo")).contains(narrower.withVersion(2));
        assertThat(registry.update(narrower)).as("somebody was faster").isEmpty();
        assertThat(registry.update(client("nobody", everything).withVersion(1))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void updateWhenManyRaceThenOneWins(TestDatabase.Kind kind) throws Exception {
        ClientRegistry registry = registry(kind);
        ClientRegistration stored = registry.create(demo).orElseThrow();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Optional<ClientRegistration>>> updates = IntStream.range(0, 8)
                    .mapToObj(_ -> threads.submit(() -> registry.update(stored)))
                    .toList();
            int winners = 0;
            for (Future<Optional<ClientRegistration>> update : updates) {
                winners += update.get().isPresent() ? 1 : 0;
            }
            assertThat(winners).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void deleteWhenVersionIsCurrentThenGone(TestDatabase.Kind kind) {
        ClientRegistry registry = registry(kind);
        registry.create(demo);
        assertThat(registry.delete("demo", 7)).isFalse();
        assertThat(registry.names()).containsExactly("demo");
        assertThat(registry.delete("demo", 1)).isTrue();
        assertThat(registry.names()).isEmpty();
        assertThat(registry.find("demo")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void pageWhenReadOnThenEveryClientOnceInOrder(TestDatabase.Kind kind) {
        ClientRegistry registry = registry(kind);
        for (String name : List.of("c", "a", "e", "b", "d")) {
            registry.create(client(name, ClientPolicy.DEFAULT));
        }
        List<ClientRegistration> first = registry.page(Optional.empty(), 2);
        assertThat(first).extracting(ClientRegistration::clientId).containsExactly("a", "b");
        assertThat(registry.page(Optional.of("b"), 10))
                .extracting(ClientRegistration::clientId)
                .containsExactly("c", "d", "e");
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void clientsWhenAnotherReplicaChangesThenSeenWithinTheBound(TestDatabase.Kind kind) {
        TestDatabase database = kind.create();
        ClientRegistry here = new ClientRegistry(database.jdbc(), database.transactions(), database.seal(), clock);
        ClientRegistry there = new ClientRegistry(database.jdbc(), database.transactions(), database.seal(), clock);
        Clients clients = new Clients(here, clock);
        there.create(demo);
        assertThat(clients.find("demo")).isPresent();
        ClientRegistration stored = there.find("demo").orElseThrow();
        there.update(new ClientRegistration(
                stored.clientId(),
                stored.tenant(),
                stored.proof(),
                stored.scopes(),
                stored.audiences(),
                stored.policy(),
                Status.DISABLED,
                stored.version()));
        clock.advance(Clients.BOUND);
        assertThat(clients.find("demo")).isEmpty();
        there.delete("demo", 2);
        there.create(demo);
        clock.advance(Clients.BOUND);
        assertThat(clients.find("demo")).isPresent();
    }

    @Test
    void clientsWhenNothingChangedThenTheDatabaseIsNotAsked() {
        TestDatabase database = TestDatabase.create();
        ClientRegistry registry = new ClientRegistry(database.jdbc(), database.transactions(), database.seal(), clock);
        registry.create(demo);
        Clients clients = new Clients(registry, clock);
        assertThat(clients.find("demo")).isPresent();
        // Behind the registry's back, so that only asking again would show it.
        database.jdbc().sql("delete from client").update();
        clock.advance(Clients.BOUND);
        assertThat(clients.find("demo")).isPresent();
    }

    @Test
    void clientsWhenTheDatabaseIsAwayThenNobodyIsFound() {
        TestDatabase database = TestDatabase.create();
        ClientRegistry registry = new ClientRegistry(database.jdbc(), database.transactions(), database.seal(), clock);
        registry.create(demo);
        Clients clients = new Clients(registry, clock);
        assertThat(clients.find("demo")).isPresent();
        database.jdbc().sql("shutdown").update();
        assertThat(clients.find("demo")).as("within the bound").isPresent();
        clock.advance(Clients.BOUND);
        assertThatThrownBy(() -> clients.find("demo")).isInstanceOf(DataAccessException.class);
    }

    @Test
    void clientsWhenTheDatabaseIsAwayThenOneWaitsForAllOfAMoment() {
        TestDatabase database = TestDatabase.create();
        AtomicInteger asked = new AtomicInteger();
        DataSource counted = new DelegatingDataSource(database.source()) {
            @Override
            public Connection getConnection() throws SQLException {
                asked.incrementAndGet();
                return super.getConnection();
            }
        };
        Clients clients = new Clients(
                new ClientRegistry(JdbcClient.create(counted), database.transactions(), database.seal(), clock), clock);
        database.jdbc().sql("shutdown").update();
        for (int waiting = 0; waiting < 5; waiting++) {
            assertThatThrownBy(() -> clients.find("demo")).isInstanceOf(DataAccessException.class);
        }
        assertThat(asked).hasValue(1);
        clock.advance(Clients.PAUSE);
        assertThatThrownBy(() -> clients.find("demo")).isInstanceOf(DataAccessException.class);
        assertThat(asked).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a/b", "-a", "ä", "a\nb"})
    void registrationWhenNameIsUnfitThenRefused(String clientId) {
        assertThatThrownBy(() -> client(clientId, everything))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("client_id");
    }

    @Test
    void registrationWhenNothingIsGrantedThenRefused() {
        assertThatThrownBy(() ->
                        new ClientRegistration("demo", "acme", demo.proof(), Set.of(), demo.audiences(), everything))
                .hasMessageContaining("scopes");
        assertThatThrownBy(
                        () -> new ClientRegistration("demo", "acme", demo.proof(), demo.scopes(), Set.of(), everything))
                .hasMessageContaining("audiences");
    }

    private ClientRegistry registry(TestDatabase.Kind kind) {
        TestDatabase database = kind.create();
        return new ClientRegistry(database.jdbc(), database.transactions(), database.seal(), clock);
    }

    private static ClientRegistration client(String clientId, ClientPolicy policy) {
        return new ClientRegistration(
                clientId,
                "acme",
                new Proof.SignedAssertion(
                        ClientKeys.parse(TestClientKey.generate("k1").jwks())),
                Set.of("llm:invoke", "audit:read"),
                Set.of("urn:postern:gateway"),
                policy);
    }
}
