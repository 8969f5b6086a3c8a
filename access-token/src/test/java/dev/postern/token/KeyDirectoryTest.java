package dev.postern.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.postern.test.MutableClock;
import dev.postern.token.DirectoryKey.State;
import dev.postern.token.DirectoryRefused.Reason;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class KeyDirectoryTest {
    private static final String AUTHORITY = "spiffe://postern.local/service/key-rotation-service";
    private static final String OWNER = "spiffe://postern.local/service/token-service";

    private final MutableClock clock = MutableClock.atNoon();
    private final TestIdentity anchor = TestIdentity.authority("CN=platform", clock.instant());
    private final TestIdentity rotation = anchor.issue(clock.instant(), AUTHORITY);
    private final TestTokens first = new TestTokens("key-1");
    private final TestTokens second = new TestTokens("key-2");
    private final List<Long> acknowledged = new ArrayList<>();
    private Optional<String> published = Optional.empty();
    private final DirectorySettings settings =
            new DirectorySettings(URI.create("https://localhost:8943"), "postern.local", "consumer-1");
    private final KeyDirectory directory = new KeyDirectory(
            settings,
            applied -> {
                acknowledged.add(applied);
                return published.orElseThrow(() -> new DirectoryRefused(Reason.UNREACHABLE));
            },
            new DirectoryReader(settings, () -> List.of(anchor.certificate()), clock),
            clock);

    @Test
    void findWhenListedInAnyStateThenFound() throws InterruptedException {
        long version = 0;
        for (State state : State.values()) {
            publish(++version, entry(first, state.name()));
            assertThat(directory.find("key-1")).contains(first.publicKey());
        }
        assertThat(directory.find("key-2")).isEmpty();
    }

    @Test
    void findWhenNothingWasEverFetchedThenNothing() throws InterruptedException {
        directory.poll();
        assertThat(directory.find("key-1")).isEmpty();
        assertThat(directory.snapshot()).isEmpty();
        assertThat(directory.state().lastRefusal()).contains(Reason.UNREACHABLE);
    }

    @Test
    void pollWhenAppliedThenAcknowledgedNextTime() throws InterruptedException {
        publish(7, entry(first, "ACTIVE"));
        directory.poll();
        assertThat(acknowledged).isEqualTo(List.of(0L, 7L));
    }

    @Test
    void pollWhenKeyIsGoneThenNotFound() throws InterruptedException {
        publish(1, entry(first, "RETIRING"), entry(second, "ACTIVE"));
        publish(2, entry(second, "ACTIVE"));
        assertThat(directory.find("key-1")).isEmpty();
        assertThat(directory.find("key-2")).isPresent();
    }

    @Test
    void pollWhenVersionGoesBackThenRefused() throws InterruptedException {
        publish(2, entry(second, "ACTIVE"));
        publish(1, entry(first, "ACTIVE"));
        assertThat(directory.state().lastRefusal()).contains(Reason.ROLLED_BACK);
        assertThat(directory.find("key-1")).isEmpty();
        assertThat(directory.find("key-2")).isPresent();
    }

    @Test
    void pollWhenSameVersionHasOtherKeysThenRefused() throws InterruptedException {
        publish(1, entry(first, "ACTIVE"));
        publish(1, entry(second, "ACTIVE"));
        assertThat(directory.state().lastRefusal()).contains(Reason.CONTRADICTORY);
        assertThat(directory.find("key-2")).isEmpty();
    }

    @Test
    void pollWhenForgedThenRefused() throws InterruptedException {
        TestIdentity stranger = TestIdentity.authority("CN=platform", clock.instant());
        TestIdentity other = anchor.issue(clock.instant(), OWNER);
        TestIdentity both = anchor.issue(clock.instant(), AUTHORITY, OWNER);
        TestIdentity nameless = anchor.issue(clock.instant());
        List<String> forged = List.of(
                signed(stranger.issue(clock.instant(), AUTHORITY), 1, entry(first, "ACTIVE")),
                signed(other, 1, entry(first, "ACTIVE")),
                signed(both, 1, entry(first, "ACTIVE")),
                signed(nameless, 1, entry(first, "ACTIVE")),
                signed(anchor, 1, entry(first, "ACTIVE")),
                rotation.sign("at+jwt", payload(1, entry(first, "ACTIVE"))),
                IdentityJws.sign(
                        DirectoryReader.TYPE,
                        payload(1, entry(first, "ACTIVE")),
                        other.key(),
                        List.of(rotation.certificate())),
                "not.a.jws");
        for (String directoryJws : forged) {
            published = Optional.of(directoryJws);
            directory.poll();
            assertThat(directory.state().lastRefusal()).contains(Reason.FORGED);
            assertThat(directory.find("key-1")).isEmpty();
        }
    }

    @Test
    void pollWhenSignerCertificateHasExpiredThenRefused() throws InterruptedException {
        clock.advance(Duration.ofHours(25));
        publish(1, entry(first, "ACTIVE"));
        assertThat(directory.state().lastRefusal()).contains(Reason.FORGED);
    }

    @Test
    void pollWhenOldDirectoryIsReplayedThenRefusedAndItConfirmsNothing() throws InterruptedException {
        String replayed = signed(rotation, 1, entry(first, "ACTIVE"));
        published = Optional.of(replayed);
        directory.poll();
        clock.advance(Duration.ofMinutes(3));
        directory.poll();
        assertThat(directory.state().lastRefusal()).contains(Reason.OUT_OF_TIME);
        assertThat(directory.find("key-1"))
                .as("what was known is not too old yet")
                .isPresent();
        clock.advance(Duration.ofMinutes(8));
        directory.poll();
        assertThat(directory.find("key-1")).as("a replay keeps nothing alive").isEmpty();

        published = Optional.of(signed(rotation, 2, entry(first, "ACTIVE")));
        clock.advance(Duration.ofMinutes(-3));
        directory.poll();
        assertThat(directory.state().lastRefusal()).as("from a future").contains(Reason.OUT_OF_TIME);
    }

    @Test
    void pollWhenMalformedThenRefused() throws InterruptedException {
        List<String> payloads = List.of(
                "{}",
                "{\"version\":1,\"issued_at\":1,\"keys\":{}}",
                "{\"version\":-1,\"issued_at\":1,\"keys\":[]}",
                "{\"version\":1,\"issued_at\":1,\"keys\":[{}]}",
                "{\"version\":1,\"version\":2,\"issued_at\":1,\"keys\":[]}",
                new String(payload(1, entry(first, "ACTIVE"), entry(first, "PREPARED")), StandardCharsets.UTF_8));
        for (String payload : payloads) {
            published = Optional.of(rotation.sign(DirectoryReader.TYPE, payload.getBytes(StandardCharsets.UTF_8)));
            directory.poll();
            assertThat(directory.state().lastRefusal()).as(payload).contains(Reason.MALFORMED);
        }
    }

    @Test
    void pollWhenEntryIsNotUnderstoodThenLeftOut() throws InterruptedException {
        publish(
                1,
                entry(first, "COMPROMISED"),
                entry(second, "ACTIVE", "relay-hpke", OWNER),
                entry(new TestTokens("key-3"), "ACTIVE", "token-signing", AUTHORITY),
                entry(new TestTokens("key-4"), "ACTIVE"));
        assertThat(directory.find("key-1")).isEmpty();
        assertThat(directory.find("key-2")).isEmpty();
        assertThat(directory.find("key-3")).isEmpty();
        assertThat(directory.find("key-4")).isPresent();
    }

    @Test
    void snapshotWhenOtherClassesAreListedThenOwnersSeeThem() throws InterruptedException {
        publish(1, entry(first, "COMPROMISED"), entry(second, "ACTIVE", "relay-hpke", AUTHORITY), entry(first, "NEW"));
        assertThat(directory.snapshot().orElseThrow().entries())
                .containsExactlyInAnyOrder(
                        listed("key-1", "token-signing", OWNER, DirectoryEntry.State.COMPROMISED),
                        listed("key-2", "relay-hpke", AUTHORITY, DirectoryEntry.State.ACTIVE));
    }

    @Test
    void pollWhenSameVersionHasAnotherStateThenRefused() throws InterruptedException {
        publish(1, entry(second, "ACTIVE", "relay-hpke", AUTHORITY));
        publish(1, entry(second, "COMPROMISED", "relay-hpke", AUTHORITY));
        assertThat(directory.state().lastRefusal()).contains(Reason.CONTRADICTORY);
    }

    private static DirectoryEntry listed(String kid, String keyClass, String owner, DirectoryEntry.State state) {
        return new DirectoryEntry(kid, keyClass, URI.create(owner), "instance-1", state);
    }

    @Test
    void signedWhenListedThenToldWithItsStateAndSinceWhen() throws InterruptedException {
        List<String> used = listen();
        Instant since = clock.instant().minusSeconds(60);
        publish(1, since(since, entry(first, "RETIRING")), since(since, entry(second, "PREPARED")));
        directory.signed("key-1", clock.instant());
        directory.signed("key-2", clock.instant());
        directory.signed("key-3", clock.instant());
        assertThat(used)
                .containsExactly("key-1 RETIRING Optional[" + since + "]", "key-2 PREPARED Optional[" + since + "]");
    }

    @Test
    void signedWhenTheDirectoryIsOfAnOlderVersionThenNobodyKnowsSinceWhen() throws InterruptedException {
        List<String> used = listen();
        publish(1, entry(first, "RETIRING"));
        assertThat(directory.find("key-1")).isPresent();
        directory.signed("key-1", clock.instant());
        assertThat(used).containsExactly("key-1 RETIRING Optional.empty");
    }

    @Test
    void formerWhenListedNoMoreThenKnownAndTrustedForNothing() throws InterruptedException {
        List<String> used = listen();
        Instant since = clock.instant().minusSeconds(360);
        publish(1, since(since, entry(first, "RETIRING")), since(since, entry(second, "ACTIVE")));
        assertThat(directory.former("key-1")).isEmpty();
        clock.advance(Duration.ofSeconds(5));
        publish(2, entry(new TestTokens("key-3"), "ACTIVE"));
        assertThat(directory.find("key-1")).isEmpty();
        assertThat(directory.former("key-1")).contains(first.publicKey());
        directory.signed("key-1", clock.instant());
        directory.signed("key-2", clock.instant());
        assertThat(used)
                .as("what was active when it was seen last is over since now at the latest")
                .containsExactly(
                        "key-1 RETIRING Optional[" + since + "]", "key-2 RETIRING Optional[" + clock.instant() + "]");
    }

    @Test
    void formerWhenThereAreManyThenTheLastOnes() throws InterruptedException {
        TestTokens key = new TestTokens("key-0");
        for (int i = 0; i < 70; i++) {
            publish(i + 1, entry(key, "ACTIVE").replace("key-0", "key-" + i));
        }
        assertThat(directory.former("key-4")).isEmpty();
        assertThat(directory.former("key-5")).isPresent();
        assertThat(directory.former("key-68")).isPresent();
        assertThat(directory.former("key-69")).as("listed").isEmpty();
    }

    private List<String> listen() {
        List<String> used = new ArrayList<>();
        directory.onUse((key, _) -> used.add(key.keyId() + " " + key.state() + " " + key.since()));
        return used;
    }

    private static String since(Instant since, String entry) {
        return entry.replaceFirst("\\{", "{\"since\":" + since.getEpochSecond() + ",");
    }

    @Test
    void findWhenStaleThenFailsClosedUntilConfirmedAgain() throws InterruptedException {
        publish(1, entry(first, "ACTIVE"));
        published = Optional.empty();
        clock.advance(Duration.ofMinutes(10));
        directory.poll();
        assertThat(directory.find("key-1")).isPresent();
        clock.advance(Duration.ofMillis(1));
        assertThat(directory.find("key-1")).isEmpty();
        assertThat(directory.state().inForce()).isFalse();

        publish(1, entry(first, "ACTIVE"));
        assertThat(directory.find("key-1")).isPresent();
    }

    @Test
    void findWhenManyIdsAreUnknownThenOneExtraFetchASecond() throws InterruptedException {
        publish(1, entry(first, "ACTIVE"));
        for (int i = 0; i < 100; i++) {
            assertThat(directory.find("forged-" + i)).isEmpty();
        }
        assertThat(directory.askedSooner()).isEqualTo(1);
        clock.advance(Duration.ofMillis(999));
        directory.find("forged");
        assertThat(directory.askedSooner()).isEqualTo(1);
        clock.advance(Duration.ofMillis(1));
        directory.find("forged");
        assertThat(directory.askedSooner()).isEqualTo(2);
        assertThat(acknowledged).hasSize(1);
    }

    @Test
    void onChangeWhenVersionIsNewThenToldOnce() throws InterruptedException {
        List<Long> told = new ArrayList<>();
        directory.onChange(snapshot -> told.add(snapshot.version()));
        publish(1, entry(first, "ACTIVE"));
        publish(1, entry(first, "ACTIVE"));
        publish(2, entry(first, "RETIRING"));
        directory.onChange(snapshot -> told.add(snapshot.version()));
        assertThat(told).isEqualTo(List.of(1L, 2L, 2L));
    }

    @Test
    void snapshotWhenAskedByReplicaAndStateThenOnlyThose() throws InterruptedException {
        publish(1, entry(first, "ACTIVE"), entry(second, "PREPARED"));
        DirectorySnapshot snapshot = directory.snapshot().orElseThrow();
        assertThat(snapshot.of("instance-1", State.ACTIVE))
                .singleElement()
                .extracting(DirectoryKey::keyId)
                .isEqualTo("key-1");
        assertThat(snapshot.of("instance-2", State.ACTIVE)).isEmpty();
        assertThat(snapshot.keys().get("key-1"))
                .extracting(DirectoryKey::toJwk)
                .satisfies(jwk -> assertThat(jwk)
                        .containsEntry("kid", "key-1")
                        .containsEntry("alg", "ES256")
                        .doesNotContainKey("d"));
    }

    private void publish(long version, String... entries) throws InterruptedException {
        published = Optional.of(signed(rotation, version, entries));
        directory.poll();
    }

    private String signed(TestIdentity signer, long version, String... entries) {
        return signer.sign(DirectoryReader.TYPE, payload(version, entries));
    }

    private byte[] payload(long version, String... entries) {
        return ("{\"version\":" + version + ",\"issued_at\":" + clock.instant().getEpochSecond() + ",\"keys\":["
                        + String.join(",", Arrays.asList(entries)) + "]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String entry(TestTokens key, String state) {
        return entry(key, state, "token-signing", OWNER);
    }

    private static String entry(TestTokens key, String state, String keyClass, String owner) {
        return JSONObjectUtils.toJSONString(Map.of(
                "kid",
                key.key().getKeyID(),
                "class",
                keyClass,
                "owner",
                owner,
                "instance",
                "instance-1",
                "state",
                state,
                "jwk",
                key.key().toPublicJWK().toJSONObject()));
    }
}
