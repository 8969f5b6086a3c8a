package dev.postern.sts.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.sts.TestDatabase;
import dev.postern.sts.sealing.SealedColumn;
import dev.postern.test.MutableClock;
import dev.postern.trust.Revocation;
import dev.postern.trust.Revocation.Kind;
import dev.postern.trust.TrustView;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class RevocationRoomTest {

    private final MutableClock clock = new MutableClock(Instant.parse("2026-11-25T10:00:00Z"));
    private final TestDatabase database = TestDatabase.create();
    private final RevocationStore store =
            new RevocationStore(database.jdbc(), database.transactions(), database.seal(), clock);

    @Test
    void giveUpWhenOneClientHasManyThenItWaitsAndOthersDoNot() {
        givenUpBy("noisy", RevocationStore.MOST_GIVEN_UP_BY_ONE);
        assertThat(store.hasRoomFor("noisy")).isFalse();
        assertThat(store.hasRoomFor("quiet")).isTrue();
        clock.advance(Revocation.MEMORY.plusSeconds(1));
        assertThat(store.hasRoomFor("noisy")).isTrue();
    }

    @Test
    void revocationWhenClientsGaveUpAllTheyMayThenThereIsRoomForIt() {
        givenUpBy("many", RevocationStore.MOST_WITH_GIVEN_UP);
        assertThat(store.hasRoomFor("quiet")).isFalse();
        for (Kind kind : Kind.values()) {
            assertThat(store.add(issued(kind))).as(kind.toString()).isTrue();
        }
    }

    @Test
    void revocationWhenThereAreAsManyAsMayBeThenNotStoredAndFewerThanFollowersHold() {
        givenUpBy("many", RevocationStore.MOST);
        assertThat(store.add(issued(Kind.CLIENT))).isFalse();
        assertThat(RevocationStore.MOST).isLessThan(TrustView.MAX_REVOCATIONS);
    }

    private IssuedRevocation issued(Kind kind) {
        return new IssuedRevocation(
                kind.wireName(), Revocation.of(kind, "value", clock.instant(), "key-lost"), "security/alice");
    }

    private void givenUpBy(String client, int number) {
        database.jdbc()
                .sql("""
                        insert into revocation (id, kind, target, revoked_at, forget_at, reason, actor,
                          actor_index)
                        select 'r-' || x, 'session', 'pe1.x', ?, ?, 'given-up', 'pe1.x', ? from system_range(1, ?)
                        """)
                .param(clock.instant().atOffset(java.time.ZoneOffset.UTC))
                .param(clock.instant().plus(Revocation.MEMORY).atOffset(java.time.ZoneOffset.UTC))
                .param(database.seal().index(SealedColumn.REVOCATION_ACTOR).of(client))
                .param(number)
                .update();
    }
}
