package dev.postern.auditing.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postern.archive.CustodianKey;
import dev.postern.archive.CustodianRegister;
import dev.postern.archive.OpeningDecision;
import dev.postern.archive.OpeningDecision.Kind;
import dev.postern.archive.OpeningRequest;
import dev.postern.audit.ApprovalDecided;
import dev.postern.audit.ApprovalRequested;
import dev.postern.audit.ArchiveOpened;
import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditUnavailable;
import dev.postern.chassis.person.Person;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.session.RecipientKey;
import dev.postern.session.RecipientPublicKey;
import dev.postern.test.MutableClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class OpeningsTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final CustodianKey ANNA = CustodianKey.generate("anna", RANDOM);
    /// As her key was before it was replaced.
    private static final CustodianKey ANNA_BEFORE = CustodianKey.generate("anna", RANDOM);

    private static final CustodianKey BEN = CustodianKey.generate("ben", RANDOM);
    private static final CustodianKey CLEO = CustodianKey.generate("cleo", RANDOM);
    private static final CustodianKey STRANGER = CustodianKey.generate("dora", RANDOM);
    private static final Duration PATIENCE = Duration.ofHours(1);
    private static final RecipientPublicKey RECIPIENT = recipient();
    private static final Person ASKER = Person.byToken("console", "eve");
    private static final Map<String, String> SHARES = Map.of("c-1", "AAAA");

    private final MutableClock clock = MutableClock.atNoon();
    private final List<AuditEvent> recorded = new ArrayList<>();
    private boolean writable = true;
    private final Openings openings = new Openings(
            Optional.of(new CustodianRegister(
                    List.of(ANNA_BEFORE.custodian(), ANNA.custodian(), BEN.custodian(), CLEO.custodian()))),
            PATIENCE,
            this::record,
            clock,
            RANDOM);

    private static RecipientPublicKey recipient() {
        try (RecipientKey key = RecipientKey.generate()) {
            return key.publicKey();
        }
    }

    private void record(AuditEvent event) throws AuditUnavailable {
        if (!writable) {
            throw new AuditUnavailable(AuditUnavailable.Reason.FULL);
        }
        recorded.add(event);
    }

    private Opening ask(Person by) {
        OpeningRequest request = new OpeningRequest(
                by.actor(),
                "incident 7",
                RECIPIENT.encoded(),
                List.of(new OpeningRequest.Entry("spiffe://a/relay", "1", "AA==")),
                List.of(new OpeningRequest.Body("c-1 r-1 demo acme request", "AAAA")));
        return openings.ask(request, Set.of("c-1"), by);
    }

    private static Person person(CustodianKey key) {
        return Person.byToken("console", key.custodian().name());
    }

    private Opening approve(Opening opening, CustodianKey key) {
        return decide(opening, key, Kind.APPROVED, person(key), SHARES);
    }

    private Opening decide(Opening opening, CustodianKey key, Kind kind, Person by, Map<String, String> shares) {
        return openings.decide(
                opening.id(),
                new Opening.Decision(key.custodian().name(), by, kind, shares, signature(opening, key, kind)));
    }

    private static String signature(Opening opening, CustodianKey key, Kind kind) {
        return base64(key.sign(new OpeningDecision(opening.id(), kind, opening.digest())));
    }

    private static String base64(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    private static ApprovalDecided decided(Opening opening, CustodianKey key, Kind kind, String decision) {
        String name = key.custodian().name();
        return new ApprovalDecided(
                opening.id(),
                "console/" + name,
                "console/eve",
                decision,
                Optional.of(name),
                Optional.of(opening.digest()),
                Optional.of(signature(opening, key, kind)));
    }

    private static void expect(Problem problem, ThrowingCallable call) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(call)
                .satisfies(refusal -> assertThat(refusal.problem()).isEqualTo(problem));
    }

    @Test
    void releaseWhenTwoCustodiansApprovedThenIsOnRecordInOrder() {
        Opening opening = ask(ASKER);
        expect(ArchiveProblems.NOT_APPROVED, () -> openings.release(opening.id(), ASKER));
        assertThat(approve(opening, ANNA).state()).isEqualTo(Opening.State.WAITING);
        expect(ArchiveProblems.NOT_APPROVED, () -> openings.release(opening.id(), ASKER));
        assertThat(approve(opening, CLEO).state()).isEqualTo(Opening.State.APPROVED);
        expect(ArchiveProblems.NOT_THE_REQUESTER, () -> openings.release(opening.id(), person(ANNA)));
        openings.release(opening.id(), ASKER);

        assertThat(recorded)
                .containsExactly(
                        new ApprovalRequested(
                                opening.id(),
                                "console/eve",
                                Openings.ACTION,
                                "archive",
                                opening.digest(),
                                Optional.of("incident 7"),
                                Optional.of(RECIPIENT.name()),
                                Optional.of(Set.of("c-1"))),
                        decided(opening, ANNA, Kind.APPROVED, "approved"),
                        decided(opening, CLEO, Kind.APPROVED, "approved"),
                        new ArchiveOpened(
                                opening.id(),
                                "console/eve",
                                Set.of("anna", "cleo"),
                                opening.digest(),
                                "incident 7",
                                1,
                                Optional.of(Set.of("c-1")),
                                Optional.of(RECIPIENT.name())));
    }

    @Test
    void decideWhenRefusedOnceThenNothingOpensIt() {
        Opening opening = ask(ASKER);
        approve(opening, ANNA);
        assertThat(decide(opening, BEN, Kind.REFUSED, person(BEN), Map.of()).state())
                .isEqualTo(Opening.State.REFUSED);
        expect(ArchiveProblems.ALREADY_DECIDED, () -> approve(opening, CLEO));
        expect(ArchiveProblems.NOT_APPROVED, () -> openings.release(opening.id(), ASKER));
        assertThat(recorded.getLast())
                .as("as each second person's decision is named, and the signature says what was signed")
                .isEqualTo(decided(opening, BEN, Kind.REFUSED, "rejected"));
    }

    @Test
    void decideWhenByWhoAskedOrByOnePersonTwiceThenDoesNotCount() {
        Opening own = ask(person(ANNA));
        expect(ArchiveProblems.SECOND_PERSON, () -> approve(own, ANNA));
        Opening byClient = ask(Person.byToken("console", "console"));
        expect(ArchiveProblems.SECOND_PERSON, () -> approve(byClient, ANNA));

        Opening opening = ask(ASKER);
        approve(opening, ANNA);
        expect(ArchiveProblems.ALREADY_DECIDED, () -> approve(opening, ANNA));
        expect(
                ArchiveProblems.SECOND_PERSON,
                () -> decide(opening, BEN, Kind.APPROVED, Person.byToken("anna", "ben"), SHARES));
        expect(ArchiveProblems.NOT_THE_CUSTODIAN, () -> decide(opening, BEN, Kind.APPROVED, person(ANNA), SHARES));
        expect(
                ArchiveProblems.NOT_THE_CUSTODIAN,
                () -> decide(opening, BEN, Kind.APPROVED, Person.byToken("ben", "anna"), SHARES));
        expect(ArchiveProblems.UNKNOWN_CUSTODIAN, () -> approve(opening, STRANGER));
        assertThat(openings.one(opening.id()).decisions()).hasSize(1);
        assertThat(recorded).hasSize(4);
    }

    @Test
    void decideWhenTheSignatureIsForgedOrOfAnotherRequestThenDoesNotCount() {
        Opening opening = ask(ASKER);
        Opening another = ask(ASKER);
        for (byte[] forged : List.of(
                BEN.sign(new OpeningDecision(opening.id(), Kind.APPROVED, opening.digest())),
                ANNA.sign(new OpeningDecision(another.id(), Kind.APPROVED, opening.digest())),
                ANNA.sign(new OpeningDecision(opening.id(), Kind.REFUSED, opening.digest())),
                ANNA.sign(new OpeningDecision(opening.id(), Kind.APPROVED, "00".repeat(32))),
                new byte[0])) {
            Opening.Decision decision =
                    new Opening.Decision("anna", person(ANNA), Kind.APPROVED, SHARES, base64(forged));
            expect(ArchiveProblems.SIGNATURE, () -> openings.decide(opening.id(), decision));
        }
        assertThat(openings.one(opening.id()).decisions()).isEmpty();
        assertThat(recorded).hasSize(2);
    }

    @Test
    void decideWhenTheCustodiansKeyWasReplacedThenEitherCountsAndNotBoth() {
        Opening opening = ask(ASKER);
        assertThat(approve(opening, ANNA_BEFORE).state()).isEqualTo(Opening.State.WAITING);
        expect(ArchiveProblems.ALREADY_DECIDED, () -> approve(opening, ANNA));
        assertThat(approve(opening, BEN).state()).isEqualTo(Opening.State.APPROVED);
        assertThat(recorded.get(1)).isEqualTo(decided(opening, ANNA_BEFORE, Kind.APPROVED, "approved"));
    }

    @Test
    void decideWhenSharesAreNotOfEachCaptureThenDoesNotCount() {
        Opening opening = ask(ASKER);
        for (Map<String, String> shares :
                List.of(Map.<String, String>of(), Map.of("c-2", "AAAA"), Map.of("c-1", "AAAA", "c-2", "AAAA"))) {
            expect(ArchiveProblems.SHARES, () -> decide(opening, ANNA, Kind.APPROVED, person(ANNA), shares));
        }
        expect(ArchiveProblems.SHARES, () -> decide(opening, ANNA, Kind.REFUSED, person(ANNA), SHARES));
    }

    @Test
    void openingWhenTooOldThenIsForgotten() {
        Opening opening = ask(ASKER);
        approve(opening, ANNA);
        clock.advance(PATIENCE.minusMillis(1));
        approve(opening, BEN);
        clock.advance(Duration.ofMillis(1));
        expect(ArchiveProblems.UNKNOWN_OPENING, () -> openings.release(opening.id(), ASKER));
        expect(ArchiveProblems.UNKNOWN_OPENING, () -> approve(opening, CLEO));
        assertThat(openings.all()).isEmpty();
    }

    @Test
    void askWhenManyWaitThenIsRefusedUntilTheyAreTooOld() {
        for (int i = 0; i < 8; i++) {
            ask(ASKER);
        }
        expect(ArchiveProblems.TOO_MANY_OPENINGS, () -> ask(ASKER));
        for (int i = 8; i < 64; i++) {
            ask(Person.byToken("console", "person-" + i));
        }
        expect(ArchiveProblems.TOO_MANY_OPENINGS, () -> ask(Person.byToken("console", "another")));
        clock.advance(PATIENCE);
        assertThat(ask(ASKER).state()).isEqualTo(Opening.State.WAITING);
    }

    @Test
    void anythingWhenItCannotBePutOnRecordThenDoesNotHappen() {
        writable = false;
        expect(Problem.AUDIT_UNAVAILABLE, () -> ask(ASKER));
        assertThat(openings.all()).isEmpty();

        writable = true;
        Opening opening = ask(ASKER);
        writable = false;
        expect(Problem.AUDIT_UNAVAILABLE, () -> approve(opening, ANNA));
        assertThat(openings.one(opening.id()).decisions()).isEmpty();

        writable = true;
        approve(opening, ANNA);
        approve(opening, BEN);
        writable = false;
        expect(Problem.AUDIT_UNAVAILABLE, () -> openings.release(opening.id(), ASKER));
        writable = true;
        openings.release(opening.id(), ASKER);
        assertThat(recorded).hasSize(4);
    }

    @Test
    void anythingWhenThereAreNoCustodiansThenSaysWhatToSet() {
        Openings off = new Openings(Optional.empty(), PATIENCE, this::record, clock, RANDOM);
        expect(ArchiveProblems.OFF, off::all);
        expect(ArchiveProblems.OFF, () -> off.one("x"));
        assertThat(ArchiveProblems.OFF.title()).contains("postern.audit.archive.custodians");
    }
}
