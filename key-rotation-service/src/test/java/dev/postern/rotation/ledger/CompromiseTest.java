package dev.postern.rotation.ledger;

import static dev.postern.rotation.ledger.LedgerFixture.GATEWAY;
import static dev.postern.rotation.ledger.LedgerFixture.RELAY;
import static dev.postern.rotation.ledger.LedgerFixture.SIGNER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.audit.AuditUnavailable;
import dev.postern.audit.CompromiseReported;
import dev.postern.rotation.ledger.Compromise.Mode;
import dev.postern.rotation.ledger.Incident.Phase;
import dev.postern.rotation.lifecycle.Holder;
import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.rotation.lifecycle.KeyRing;
import dev.postern.rotation.lifecycle.ManagedKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a compromise denies, activates, waits for and reports.
@SuppressWarnings("NullAway.Init")
final class CompromiseTest {
    private static final String OPERATOR = "spiffe://postern.local/operator/cli";

    @TempDir
    private Path directory;

    private LedgerFixture it;

    @BeforeEach
    void open() {
        it = new LedgerFixture(directory);
    }

    private Compromise drill() {
        return of(KeyClass.TOKEN_SIGNING, Optional.empty(), Optional.empty());
    }

    private Compromise of(KeyClass keyClass, Optional<String> kid, Optional<URI> owner) {
        return new Compromise(keyClass, kid, owner, Mode.DRILL, OPERATOR, Optional.empty(), it.clock.instant());
    }

    private void activeWithSpare() throws AuditUnavailable {
        it.activeKey("first");
        var _ = it.register("spare");
        it.all(SIGNER, GATEWAY, RELAY);
    }

    private Incident incident() {
        return it.ledger.incidents().getLast();
    }

    @Test
    void deniesAndActivatesTheSpareInOneVersionWhoeverHasNotAcknowledged() throws Exception {
        it.activeKey("first");
        var _ = it.register("spare");
        List<KeyRing> told = new ArrayList<>();
        it.ledger.onChange(told::add);
        Incident begun = it.ledger.compromise(drill());

        assertThat(told).singleElement().satisfies(ring -> {
            assertThat(ring.version()).isEqualTo(begun.version());
            assertThat(ring.find("first").orElseThrow().state().label()).isEqualTo("COMPROMISED");
            assertThat(ring.find("spare").orElseThrow().state().label()).isEqualTo("ACTIVE");
        });
        assertThat(begun.kids()).containsExactly("first");
        assertThat(begun.activated()).containsExactly("spare");
        assertThat(begun.silent()).hasSize(3);
        assertThat(begun.finished()).isFalse();
        assertThat(it.transitions("first")).last().isEqualTo("ACTIVE>COMPROMISED compromise");
        assertThat(it.transitions("spare")).last().asString().startsWith("PREPARED>ACTIVE compromise");
    }

    @Test
    void reportHasEveryPhaseOnceEveryoneHasDoneTheirsAndTheAuditLogHasTheSame() throws Exception {
        activeWithSpare();
        Compromise drill = drill();
        it.clock.advance(Duration.ofMillis(5));
        long version = it.ledger.compromise(drill).version();
        it.clock.advance(Duration.ofMillis(40));
        it.ledger.published(version);
        it.clock.advance(Duration.ofMillis(200));
        for (Holder holder : List.of(SIGNER, GATEWAY, RELAY)) {
            it.ledger.poll(holder, version);
        }
        assertThat(incident().phases()).containsKey(Phase.ACKNOWLEDGED).doesNotContainKeys(Phase.ENDED, Phase.PREPARED);
        it.clock.advance(Duration.ofMillis(30));
        assertThat(it.ledger.ended(SIGNER, "first", 3)).isTrue();
        it.clock.advance(Duration.ofMillis(60));
        var _ = it.register("next-spare");
        it.ledger.tick();

        Map<String, Integer> timeline = Map.of(
                "called", 0,
                "denied", 5,
                "activated", 5,
                "published", 45,
                "acknowledged", 245,
                "ended", 275,
                "prepared", 335);
        Incident report = incident();
        assertThat(report.finished()).isTrue();
        assertThat(report.complete()).isTrue();
        assertThat(report.acknowledgements()).hasSize(3);
        assertThat(report.phases()).containsOnlyKeys(Phase.values());
        timeline.forEach((phase, millis) -> assertThat(report.after(Phase.valueOf(phase.toUpperCase(Locale.ROOT))))
                .as(phase)
                .hasMillis(millis));
        assertThat(it.reported).containsExactly(report);
        assertThat(it.audited)
                .last()
                .isEqualTo(new CompromiseReported(
                        report.id(),
                        "token-signing",
                        "drill",
                        OPERATOR,
                        Optional.empty(),
                        Set.of("first"),
                        timeline,
                        0,
                        3,
                        true));
        it.pass(40, SIGNER, GATEWAY, RELAY);
        assertThat(it.reported).as("reported once").hasSize(1);
    }

    @Test
    void consumerThatNeverAcknowledgesEndsInAnIncompleteReport() throws Exception {
        activeWithSpare();
        var _ = it.ledger.compromise(drill());
        long old = it.ledger.ring().version() - 1;
        for (int second = 0; second < 31; second++) {
            it.pass(1, SIGNER, GATEWAY);
            it.ledger.poll(RELAY, old);
        }
        Incident report = incident();

        assertThat(report.finished()).isTrue();
        assertThat(report.complete()).isFalse();
        assertThat(report.silent()).containsExactly(new Incident.Consumer(RELAY.id(), RELAY.instance()));
        assertThat(report.phases()).doesNotContainKey(Phase.ACKNOWLEDGED);
        assertThat(report.owed()).contains("end first");
        assertThat(it.reported).hasSize(1);
    }

    @Test
    void withoutASpareTheKeyIsDeniedAllTheSame() throws Exception {
        it.activeKey("first");
        Incident begun = it.ledger.compromise(drill());

        assertThat(it.state("first")).isEqualTo("COMPROMISED");
        assertThat(begun.activated()).isEmpty();
        var _ = it.register("late");
        it.all(SIGNER, GATEWAY, RELAY);
        assertThat(it.state("late")).isEqualTo("ACTIVE");
    }

    @Test
    void compromisedKeyNeverComesBack() throws Exception {
        activeWithSpare();
        var _ = it.ledger.compromise(drill());
        assertThatThrownBy(() -> it.register("first")).isInstanceOf(RegistrationRefused.class);
        it.pass(60, SIGNER, GATEWAY, RELAY);
        assertThat(it.state("first")).isEqualTo("COMPROMISED");
        it.restart();
        assertThat(it.state("first")).isEqualTo("COMPROMISED");
        assertThat(it.ledger.ring().usable()).extracting(ManagedKey::kid).containsExactly("spare");
        assertThat(it.ledger.ring().listed()).extracting(ManagedKey::kid).contains("first");
    }

    @Test
    void oneKeyInWhateverState() throws Exception {
        activeWithSpare();
        var _ = it.ledger.compromise(of(KeyClass.TOKEN_SIGNING, Optional.of("spare"), Optional.empty()));

        assertThat(it.state("first")).as("it has nothing to do with that").isEqualTo("ACTIVE");
        assertThat(it.state("spare")).isEqualTo("COMPROMISED");
    }

    @Test
    void whatMeansNothingOrTooMuchIsRefused() throws Exception {
        activeWithSpare();
        for (Compromise nothing : List.of(
                of(KeyClass.RELAY_HPKE, Optional.empty(), Optional.empty()),
                of(KeyClass.TOKEN_SIGNING, Optional.of("unknown"), Optional.empty()),
                of(KeyClass.TOKEN_SIGNING, Optional.empty(), Optional.of(GATEWAY.id())),
                of(KeyClass.RELAY_HPKE, Optional.of("first"), Optional.empty()))) {
            assertRefused(nothing, CompromiseRefused.Reason.NOTHING_TO_DENY);
        }
        assertRefused(
                of(KeyClass.SERVICE_CERT, Optional.empty(), Optional.empty()), CompromiseRefused.Reason.TOO_MANY_MEANT);
        var _ = it.ledger.compromise(of(KeyClass.TOKEN_SIGNING, Optional.of("first"), Optional.empty()));
        assertRefused(
                of(KeyClass.TOKEN_SIGNING, Optional.of("first"), Optional.empty()),
                CompromiseRefused.Reason.NOTHING_TO_DENY);
    }

    private void assertRefused(Compromise compromise, CompromiseRefused.Reason reason) {
        assertThatThrownBy(() -> it.ledger.compromise(compromise))
                .isInstanceOfSatisfying(
                        CompromiseRefused.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void withoutAuditOrDiskNothingHappensAndTheCallerHearsIt() throws Exception {
        activeWithSpare();
        it.auditIsAway = true;
        assertThatThrownBy(() -> it.ledger.compromise(drill())).isInstanceOf(AuditUnavailable.class);
        it.auditIsAway = false;
        Path obstacle = Files.createDirectories(directory.resolve("key-ledger.json.new/full"));
        assertThatThrownBy(() -> it.ledger.compromise(drill())).isInstanceOf(LedgerUnwritable.class);
        assertThat(it.state("first")).isEqualTo("ACTIVE");
        assertThat(it.ledger.incidents()).isEmpty();

        Files.delete(obstacle);
        var _ = it.ledger.compromise(drill());
        assertThat(it.state("first"))
                .as("it does not wait until the disk has rested")
                .isEqualTo("COMPROMISED");
    }

    @Test
    void endIsBelievedOfTheOwnerOnly() throws Exception {
        activeWithSpare();
        assertThat(it.ledger.ended(SIGNER, "first", 1)).as("not compromised").isFalse();
        var _ = it.ledger.compromise(drill());
        assertThat(it.ledger.ended(GATEWAY, "first", 1)).isFalse();
        assertThat(it.ledger.ended(SIGNER, "first", 1)).isTrue();
        assertThat(it.ledger.ended(SIGNER, "first", 1)).isTrue();
        assertThat(incident().sessionsEnded()).as("counted once").isEqualTo(1);
    }

    @Test
    void deniedCertificateIsListedAndItsOwnersNextOneIsTheSpare() throws Exception {
        it.all(GATEWAY);
        certificate("0aa1b2c3d4");
        assertThat(it.state("0aa1b2c3d4")).isEqualTo("ACTIVE");
        assertThat(it.ledger.ring().listed()).as("its life is in itself").isEmpty();
        var _ = it.ledger.compromise(of(KeyClass.SERVICE_CERT, Optional.empty(), Optional.of(RELAY.id())));

        assertThat(it.ledger.ring().listed()).extracting(ManagedKey::kid).containsExactly("0aa1b2c3d4");
        certificate("0bb1b2c3d4");
        assertThat(incident().phases()).containsKey(Phase.PREPARED);
        assertThat(it.state("0bb1b2c3d4")).isEqualTo("ACTIVE");
    }

    private void certificate(String serial) throws AuditUnavailable {
        var _ = it.ledger.register(new Holder(RELAY.id(), serial), KeyClass.SERVICE_CERT, serial, Map.of());
    }

    @Test
    void drillShieldsNoCertificateFromTheRealThing() throws Exception {
        it.all(GATEWAY);
        certificate("0aa1b2c3d4");
        certificate("0bb1b2c3d4");
        for (String serial : List.of("0aa1b2c3d4", "0bb1b2c3d4")) {
            var _ = it.ledger.compromise(of(KeyClass.SERVICE_CERT, Optional.of(serial), Optional.empty()));
            assertThat(it.ledger.onlyDrilled(serial)).as("it may be renewed").isTrue();
        }
        long before = it.ledger.ring().version();
        Incident real = it.ledger.compromise(real(KeyClass.SERVICE_CERT, Optional.of("0aa1b2c3d4"), Optional.empty()));

        assertThat(real.kids()).containsExactly("0aa1b2c3d4");
        assertThat(real.version()).isGreaterThan(before);
        assertThat(it.ledger.onlyDrilled("0aa1b2c3d4")).isFalse();
        assertThat(it.ledger.onlyDrilled("0bb1b2c3d4")).isTrue();
        assertThat(it.ledger
                        .compromise(real(KeyClass.SERVICE_CERT, Optional.empty(), Optional.of(RELAY.id())))
                        .kids())
                .as("whoever means all of an owner means these too")
                .containsExactly("0bb1b2c3d4");
        it.restart();
        assertThat(it.ledger.onlyDrilled("0aa1b2c3d4")).isFalse();
        assertRefused(
                real(KeyClass.SERVICE_CERT, Optional.of("0aa1b2c3d4"), Optional.empty()),
                CompromiseRefused.Reason.NOTHING_TO_DENY);
    }

    private Compromise real(KeyClass keyClass, Optional<String> kid, Optional<URI> owner) {
        return new Compromise(keyClass, kid, owner, Mode.REAL, "one", Optional.of("two"), it.clock.instant());
    }

    @Test
    void unfinishedReportGoesOnAfterARestart() throws Exception {
        activeWithSpare();
        var _ = it.ledger.compromise(drill());
        it.restart();
        assertThat(incident().finished()).isFalse();
        it.ledger.onChange(ring -> it.ledger.published(ring.version()));
        it.all(SIGNER, GATEWAY, RELAY);
        it.ledger.ended(SIGNER, "first", 0);
        var _ = it.register("next-spare");
        it.pass(5, SIGNER, GATEWAY, RELAY);

        assertThat(incident().finished()).isTrue();
        assertThat(incident().complete()).isTrue();
        it.restart();
        assertThat(incident().phases()).containsOnlyKeys(Phase.values());
    }

    @Test
    void reportThatTheFeedDoesNotHaveIsNotDoneAndIsHandedOverAgain() throws Exception {
        activeWithSpare();
        List<Long> told = new ArrayList<>();
        it.ledger.onChange(ring -> told.add(ring.version()));
        var _ = it.ledger.compromise(drill());
        it.ledger.ended(SIGNER, "first", 0);
        var _ = it.register("next-spare");
        it.pass(5, SIGNER, GATEWAY, RELAY);
        assertThat(incident().owed()).isEmpty();
        assertThat(incident().silent()).isEmpty();
        assertThat(incident().finished()).isFalse();
        assertThat(told).as("the same version, once more").endsWith(told.getLast(), told.getLast());

        it.ledger.published(told.getLast());
        it.ledger.tick();
        assertThat(incident().finished()).isTrue();
        assertThat(incident().complete()).isTrue();
    }

    @Test
    void denialThatNeverReachedTheFeedIsReportedAsIncomplete() throws Exception {
        activeWithSpare();
        var _ = it.ledger.compromise(drill());
        it.ledger.ended(SIGNER, "first", 0);
        var _ = it.register("next-spare");
        it.pass(31, SIGNER, GATEWAY, RELAY);
        assertThat(incident().finished()).isTrue();
        assertThat(incident().complete()).isFalse();
    }

    @Test
    void rightAfterAStartTheLivingAreGatheredFirst() throws Exception {
        activeWithSpare();
        it.restart();
        Incident begun = it.ledger.compromise(drill());
        assertThat(begun.silent()).as("nobody was heard yet").isEmpty();
        it.ledger.published(begun.version());
        it.ledger.ended(SIGNER, "first", 0);
        var _ = it.register("next-spare");
        it.all(SIGNER, GATEWAY);
        it.ledger.tick();
        assertThat(incident().complete()).isTrue();
        assertThat(incident().finished()).as("the relay may be about to poll").isFalse();
        it.ledger.poll(RELAY, begun.version() - 1);
        it.pass(2, SIGNER, GATEWAY);
        assertThat(incident().finished()).isFalse();
        assertThat(incident().silent()).containsExactly(new Incident.Consumer(RELAY.id(), RELAY.instance()));
        assertThat(incident().phases()).doesNotContainKey(Phase.ACKNOWLEDGED);
        it.pass(3, SIGNER, GATEWAY, RELAY);

        assertThat(incident().complete()).isTrue();
        assertThat(incident().finished()).isTrue();
        assertThat(incident().acknowledgements()).hasSize(3);
    }

    @Test
    void spareThatIsThereAlreadyIsNotOwed() throws Exception {
        activeWithSpare();
        var _ = it.register("second-spare");
        assertThat(it.ledger.compromise(drill()).owed()).containsExactly("end first");
    }

    /// The last leader died after it wrote the new spare and before it wrote what that means for the report.
    @Test
    void successorFindsTheSpareInTheRing() throws Exception {
        activeWithSpare();
        var _ = it.ledger.compromise(drill());
        String owing = it.ledger.incidents().getLast().owed().getLast();
        assertThat(owing).startsWith("spare ");
        var _ = it.register("next-spare");
        it.restart();
        assertThat(incident().owed()).containsExactly("end first");
        assertThat(incident().phases()).containsKey(Phase.PREPARED);
    }

    @Test
    void ledgerOfTheFirstFormatIsRead() throws IOException {
        Files.writeString(it.path, """
                {"format":1,"version":7,"keys":[{"keyClass":"token-signing","kid":"old-key-1",\
                "owner":"spiffe://postern.local/service/token-service","instance":"s-1","jwk":{"kid":"old-key-1"},\
                "state":"ACTIVE","since":"2026-11-23T11:00:00Z"}]}""");
        it.restart();
        assertThat(it.state("old-key-1")).isEqualTo("ACTIVE");
        assertThat(it.ledger.incidents()).isEmpty();
    }
}
