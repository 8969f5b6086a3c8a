package dev.postern.sts.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.chassis.person.Person;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.sts.TestDatabase;
import dev.postern.sts.approval.Approval;
import dev.postern.sts.approval.Approval.State;
import dev.postern.sts.approval.Approvals;
import dev.postern.sts.issuer.ForeignIssuer;
import dev.postern.sts.issuer.IssuerStore;
import dev.postern.sts.issuer.StoredIssuers;
import dev.postern.sts.revocation.IssuedRevocation;
import dev.postern.sts.revocation.RevocationStore;
import dev.postern.test.MutableClock;
import dev.postern.trust.Revocation;
import dev.postern.trust.Revocation.Kind;
import java.net.InetAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.mock.web.MockHttpServletRequest;

/// What the administration keeps, on each database alike; and what it forgets.
final class StoresTest {

    private final MutableClock clock = new MutableClock(Instant.parse("2026-11-25T10:00:00Z"));
    private final SecureRandom random = new SecureRandom();

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void revocationWhenItsTimeIsOverThenForgotten(TestDatabase.Kind kind) {
        TestDatabase database = kind.create();
        RevocationStore store = new RevocationStore(database.jdbc(), database.transactions(), database.seal(), clock);
        IssuedRevocation first = issued("a", Kind.SESSION, "s-1");
        assertThat(store.add(first)).isTrue();
        assertThat(store.find("a")).contains(first);
        assertThat(store.inForce()).containsExactly(first.revocation());
        clock.advance(Revocation.MEMORY.plusSeconds(1));
        assertThat(store.inForce()).isEmpty();
        assertThat(store.find("a")).isEmpty();
        store.add(issued("b", Kind.TOKEN, "t-1"));
        assertThat(database.jdbc()
                        .sql("select count(*) from revocation")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
        assertThat(store.list("", 10)).extracting(IssuedRevocation::id).containsExactly("b");
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void approvalWhenDecidedOrTooOldThenNeverDecidedAgain(TestDatabase.Kind kind) {
        TestDatabase database = kind.create();
        Approvals approvals = new Approvals(database.jdbc(), random, database.seal(), clock);
        Approval one = approvals.draft("scope-put", "x:y", 0, "{}", Person.byToken("console", "alice"));
        approvals.add(one);
        Person bob = Person.byToken("console", "bob");
        assertThat(approvals.decide(one.id(), State.REJECTED, bob)).isTrue();
        assertThat(approvals.decide(one.id(), State.APPROVED, bob)).isFalse();
        assertThat(approvals.find(one.id()).map(Approval::state)).contains(State.REJECTED);
        Approval old = approvals.draft("scope-put", "x:z", 0, "{}", Person.byToken("console", "alice"));
        approvals.add(old);
        clock.advance(Duration.ofHours(1));
        assertThat(approvals.find(old.id()).map(Approval::state)).contains(State.EXPIRED);
        assertThat(approvals.decide(old.id(), State.APPROVED, bob)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void idempotencyKeyWhenADayIsOverThenFreeAgain(TestDatabase.Kind kind) {
        TestDatabase database = kind.create();
        Idempotency idempotency = new Idempotency(database.jdbc(), database.seal(), clock);
        AdminCaller caller = new AdminCaller("console", "alice", "s", "t", InetAddress.getLoopbackAddress());
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/admin/v1/revocations");
        request.addHeader("Idempotency-Key", "k-1");
        AtomicInteger done = new AtomicInteger();
        Answer first = idempotency.once(request, caller, "{}", () -> answer(done.incrementAndGet()));
        assertThat(idempotency.once(request, caller, "{}", () -> answer(done.incrementAndGet())))
                .isEqualTo(first);
        clock.advance(Duration.ofHours(24));
        idempotency.once(request, caller, "{}", () -> answer(done.incrementAndGet()));
        assertThat(done).hasValue(2);
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void idempotencyKeyWhenTheRequestFailedThenFreeAgain(TestDatabase.Kind kind) {
        TestDatabase database = kind.create();
        Idempotency idempotency = new Idempotency(database.jdbc(), database.seal(), clock);
        AdminCaller caller = new AdminCaller("console", "alice", "s", "t", InetAddress.getLoopbackAddress());
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/admin/v1/revocations");
        request.addHeader("Idempotency-Key", "k-1");
        org.assertj.core.api.Assertions.assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> idempotency.once(request, caller, "{}", () -> {
                    throw new ProblemException(dev.postern.chassis.problem.Problem.UNAVAILABLE);
                }));
        assertThat(idempotency.once(request, caller, "{}", () -> answer(1)).status())
                .isEqualTo(201);
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void idempotencyKeyWhenTheFirstIsStillAtWorkThenRepeatsAreToldToWait(TestDatabase.Kind kind) {
        TestDatabase database = kind.create();
        Idempotency idempotency = new Idempotency(database.jdbc(), database.seal(), clock);
        AdminCaller caller = new AdminCaller("console", "alice", "s", "t", InetAddress.getLoopbackAddress());
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/admin/v1/revocations");
        request.addHeader("Idempotency-Key", "k-1");
        idempotency.once(request, caller, "{}", () -> {
            org.assertj.core.api.Assertions.assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> idempotency.once(request, caller, "{}", () -> answer(2)))
                    .satisfies(refused -> assertThat(refused.problem().code()).isEqualTo("in-progress"));
            return answer(1);
        });
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void scopeWhenChangedInAnotherVersionThenNot(TestDatabase.Kind kind) {
        TestDatabase database = kind.create();
        ScopeStore scopes = new ScopeStore(database.jdbc(), database.seal());
        assertThat(scopes.put("reports:read", "one", 0)).isTrue();
        assertThat(scopes.put("reports:read", "two", 0)).isFalse();
        assertThat(scopes.put("reports:read", "two", 1)).isTrue();
        assertThat(scopes.put("reports:read", "three", 1)).isFalse();
        assertThat(scopes.remove("reports:read", 1)).isFalse();
        assertThat(scopes.remove("llm:invoke", 1)).isFalse();
        assertThat(scopes.remove("reports:read", 2)).isTrue();
        assertThat(scopes.unknown(Set.of("reports:read", "llm:invoke"))).containsExactly("reports:read");
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void issuerWhenStoredThenFoundByItsTokensIssuerAndSubjectsMatchWhole(TestDatabase.Kind kind) {
        TestDatabase database = kind.create();
        IssuerStore issuers = new IssuerStore(database.jdbc(), database.seal(), clock);
        ForeignIssuer stored =
                issuers.put(issuer("idp", "https://idp.example", 0)).orElseThrow();
        assertThat(stored.version()).isEqualTo(1);
        assertThat(issuers.put(issuer("idp", "https://idp.example", 0))).isEmpty();
        assertThat(issuers.put(issuer("other", "https://idp.example", 0))).isEmpty();
        assertThat(issuers.findByIssuer("https://idp.example")).contains(stored);
        var trusted = new StoredIssuers(issuers).find("https://idp.example").orElseThrow();
        assertThat(trusted.subject().matcher("user.1").matches()).isTrue();
        assertThat(trusted.subject().matcher("userX1").matches()).isFalse();
        assertThat(trusted.subject().matcher("xuser.1").matches()).isFalse();
        assertThat(issuers.remove("idp", 2)).isFalse();
        assertThat(issuers.remove("idp", 1)).isTrue();
        assertThat(new StoredIssuers(issuers).find("https://idp.example")).isEmpty();
    }

    private static ForeignIssuer issuer(String name, String issuer, long version) {
        return new ForeignIssuer(
                name,
                issuer,
                ForeignIssuer.Type.OIDC,
                Optional.of(URI.create("https://idp.example/jwks")),
                Optional.empty(),
                "https://localhost:8543",
                Set.of("RS256"),
                "user.*",
                Set.of("llm:invoke"),
                Set.of("urn:postern:gateway"),
                "acme",
                Set.of("demo"),
                version);
    }

    private IssuedRevocation issued(String id, Kind kind, String value) {
        return new IssuedRevocation(id, Revocation.of(kind, value, clock.instant(), "test"), "security/alice");
    }

    private static Answer answer(int number) {
        return new Answer(201, Map.of("number", number), OptionalLong.empty());
    }
}
