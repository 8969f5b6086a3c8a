package dev.postern.chassis.person;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class PersonTest {
    private static final Person ALICE = Person.byToken("console", "alice");
    private static final Person BOB = Person.byToken("console", "bob");
    private static final Person CONSOLE = Person.byToken("console", "console");
    private static final Person CLI = Person.byCertificate("spiffe://postern.local/operator/cli");
    private static final Person SECOND = Person.byCertificate("spiffe://postern.local/operator/second");

    @Test
    void twoSubjectsAndTwoCertificatesAreTwo() {
        assertThat(ALICE.isSameAs(BOB)).isFalse();
        assertThat(CLI.isSameAs(SECOND)).isFalse();
    }

    @Test
    void clientThatActsForItselfMayBeAnyoneWhoActsThroughIt() {
        assertThat(ALICE.isSameAs(CONSOLE)).isTrue();
        assertThat(CONSOLE.isSameAs(ALICE)).isTrue();
        assertThat(ALICE.isSameAs(Person.byToken("other-console", "alice"))).isTrue();
    }

    /// One operator has a certificate and may have a token as well.
    @Test
    void certificateAndTokenMayBeOnePersons() {
        for (Person token : List.of(ALICE, BOB, CONSOLE)) {
            assertThat(token.isSameAs(CLI)).isTrue();
            assertThat(CLI.isSameAs(token)).isTrue();
        }
    }

    @Test
    void actorIsOneNameOrTwo() {
        assertThat(ALICE.actor()).isEqualTo("console/alice");
        assertThat(CONSOLE.actor()).isEqualTo("console");
        assertThat(CLI.actor()).isEqualTo("spiffe://postern.local/operator/cli");
    }
}
