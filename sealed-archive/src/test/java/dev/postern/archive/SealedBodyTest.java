package dev.postern.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.archive.OpeningDecision.Kind;
import dev.postern.session.RecipientKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SealedBodyTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte[] BODY = "Write to Anna Schmidt".getBytes(StandardCharsets.UTF_8);
    private static final String LABEL = "request 1";

    private final CustodianKey anna = CustodianKey.generate("anna", RANDOM);
    private final CustodianKey ben = CustodianKey.generate("ben@example.com", RANDOM);
    private final CustodianKey cleo = CustodianKey.generate("cleo", RANDOM);
    private final Custodians custodians = new Custodians(List.of(anna.custodian(), ben.custodian(), cleo.custodian()));

    private SealedBody sealed(byte[] body) {
        return SealedBody.parse(SealedBody.seal(body, custodians, LABEL, RANDOM))
                .orElseThrow();
    }

    private static Share share(CustodianKey key, SealedBody body) throws IOException {
        SealedBody.Portion portion =
                body.portion(key.custodian().name()).orElse(body.portions().getFirst());
        return key.share(portion, LABEL);
    }

    @Test
    void openWhenTwoOfThreeGiveTheirSharesThenIsTheBody() throws IOException {
        for (byte[] body : new byte[][] {BODY, {}, new byte[100_000]}) {
            SealedBody sealed = sealed(body);
            assertThat(sealed.open(share(anna, sealed), share(cleo, sealed), LABEL))
                    .isEqualTo(body);
            assertThat(sealed.open(share(cleo, sealed), share(ben, sealed), LABEL))
                    .isEqualTo(body);
        }
    }

    @Test
    void openWhenTheSharesAreNotOfTwoOfItsCustodiansThenFails() throws IOException {
        SealedBody sealed = sealed(BODY);
        SealedBody another = sealed(BODY);
        assertThatThrownBy(() -> sealed.open(share(anna, sealed), share(anna, sealed), LABEL))
                .isInstanceOf(CannotOpen.class);
        assertThatThrownBy(() -> sealed.open(share(anna, sealed), share(ben, another), LABEL))
                .isInstanceOf(CannotOpen.class);
        assertThatThrownBy(() -> sealed.open(share(anna, sealed), share(ben, sealed), "request 2"))
                .isInstanceOf(CannotOpen.class);
        CustodianKey impostor = CustodianKey.generate("ben@example.com", RANDOM);
        assertThatThrownBy(() -> share(impostor, sealed)).isInstanceOf(CannotOpen.class);
        CustodianKey stranger = CustodianKey.generate("dora", RANDOM);
        assertThatThrownBy(() -> share(stranger, sealed)).isInstanceOf(CannotOpen.class);
    }

    @Test
    void openWhenAnyOctetWasAlteredThenFails() {
        byte[] octets = SealedBody.seal(BODY, custodians, LABEL, RANDOM);
        for (int i = 0; i < octets.length; i++) {
            byte[] altered = octets.clone();
            altered[i] ^= 1;
            SealedBody.parse(altered)
                    .ifPresent(body -> assertThatThrownBy(() -> body.open(share(anna, body), share(ben, body), LABEL))
                            .isInstanceOf(CannotOpen.class));
        }
        assertThat(SealedBody.parse(octets)).isPresent();
    }

    @Test
    void shareWhenShownAsAnotherBodysThenDoesNotOpen() {
        SealedBody.Portion own = sealed(BODY).portion("anna").orElseThrow();
        SealedBody.Portion others = sealed(BODY).portion("anna").orElseThrow();
        assertThatThrownBy(() -> anna.share(own, "request 2")).isInstanceOf(CannotOpen.class);
        assertThatThrownBy(
                        () -> anna.share(new SealedBody.Portion(own.body(), "anna", own.x(), others.sealed()), LABEL))
                .isInstanceOf(CannotOpen.class);
        assertThatThrownBy(() -> new SealedBody.Portion(new byte[15], "anna", 1, own.sealed()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void parseWhenItIsSomethingElseThenIsNothing() {
        byte[] octets = SealedBody.seal(BODY, custodians, LABEL, RANDOM);
        for (int length = 0; length < octets.length - BODY.length - 1; length++) {
            assertThat(SealedBody.parse(Arrays.copyOf(octets, length))).isEmpty();
        }
        Random random = new Random(3);
        for (int i = 0; i < 10_000; i++) {
            byte[] noise = Arrays.copyOf(octets, random.nextInt(200));
            for (int at = 4; at < noise.length; at++) {
                noise[at] = (byte) random.nextInt();
            }
            assertThat(SealedBody.parse(noise).stream().flatMap(body -> body.portions().stream()))
                    .allSatisfy(portion -> assertThat(portion.custodian()).isNotEmpty());
        }
    }

    @Test
    void shareWhenSealedToWhoAskedThenOpensForThemAndInThatContextOnly() throws IOException {
        SealedBody sealed = sealed(BODY);
        byte[] context = "opening 1".getBytes(StandardCharsets.US_ASCII);
        try (RecipientKey asker = RecipientKey.generate();
                RecipientKey other = RecipientKey.generate()) {
            byte[] passed = share(anna, sealed).sealTo(asker.publicKey(), context);

            Share share = Share.open(asker, 1, passed, context);
            assertThat(sealed.open(share, share(ben, sealed), LABEL)).isEqualTo(BODY);
            assertThatThrownBy(() -> Share.open(other, 1, passed, context)).isInstanceOf(CannotOpen.class);
            assertThatThrownBy(() -> Share.open(asker, 1, passed, new byte[0])).isInstanceOf(CannotOpen.class);
            Share wrong = Share.open(asker, 3, passed, context);
            assertThatThrownBy(() -> sealed.open(wrong, share(ben, sealed), LABEL))
                    .isInstanceOf(CannotOpen.class);
        }
    }

    @Test
    void decisionWhenSignedThenIsTheCustodiansForThatRequestAlone() {
        String digest = "00".repeat(32);
        OpeningDecision decision = new OpeningDecision("o-1", Kind.APPROVED, digest);
        byte[] signature = anna.sign(decision);

        assertThat(anna.custodian().made(decision, signature)).isTrue();
        assertThat(ben.custodian().made(decision, signature)).isFalse();
        assertThat(anna.custodian().made(new OpeningDecision("o-2", Kind.APPROVED, digest), signature))
                .isFalse();
        assertThat(anna.custodian().made(new OpeningDecision("o-1", Kind.REFUSED, digest), signature))
                .isFalse();
        assertThat(anna.custodian().made(new OpeningDecision("o-1", Kind.APPROVED, "01"), signature))
                .isFalse();
        assertThat(anna.custodian().made(decision, new byte[3])).isFalse();
    }

    @Test
    void keysWhenWrittenThenAreReadAgainAndPrintNothing() throws IOException {
        SealedBody sealed = sealed(BODY);
        CustodianKey again = CustodianKey.parse(anna.insecureLine() + "\n").orElseThrow();
        assertThat(sealed.open(share(again, sealed), share(ben, sealed), LABEL)).isEqualTo(BODY);
        assertThat(Custodian.parse(anna.custodian().line())).contains(anna.custodian());

        String[] words = anna.insecureLine().split(" ", -1);
        assertThat(anna.toString() + share(anna, sealed) + custodians).doesNotContain(words[4], words[5]);
        assertThat(CustodianKey.parse(
                        anna.insecureLine().replace(words[5], ben.insecureLine().split(" ", -1)[5])))
                .as("halves of two keys")
                .isEmpty();
        for (String line : new String[] {
            "", "postern-custodian-private-key-1", anna.custodian().line()
        }) {
            assertThat(CustodianKey.parse(line)).isEmpty();
        }
        for (String line : new String[] {
            "", anna.custodian().line() + " x", anna.custodian().line().replace("anna", "-")
        }) {
            assertThat(Custodian.parse(line)).isEmpty();
        }
    }

    @Test
    void custodiansWhenTooFewOrNotDistinctThenAreRefused() {
        String anyone = anna.custodian().line();
        String second = ben.custodian().line();
        assertThat(Custodians.parse(List.of("# the security team", "", anyone, second))
                        .all())
                .hasSize(2);
        for (List<String> lines : List.of(
                List.<String>of(),
                List.of(anyone),
                List.of(anyone, anyone),
                List.of(anyone, anyone.replace(" anna ", " another ")))) {
            assertThatThrownBy(() -> Custodians.parse(lines)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Custodians.parse(List.of(anyone, "x"))).hasMessageContaining("line 2");
        String newer = CustodianKey.generate("anna", RANDOM).custodian().line();
        assertThatThrownBy(() -> Custodians.parse(List.of(anyone, second, newer)))
                .as("which of the two would bodies be sealed to?")
                .hasMessageContaining("custodian anna has two lines")
                .hasMessageContaining("leave the newest one here");
    }

    @Test
    void registerWhenACustodiansKeyWasReplacedThenTakesDecisionsByEither() {
        CustodianKey newer = CustodianKey.generate("anna", RANDOM);
        CustodianRegister register = CustodianRegister.parse(List.of(
                "# replaced in May",
                anna.custodian().line(),
                newer.custodian().line(),
                ben.custodian().line()));
        OpeningDecision decision = new OpeningDecision("o-1", Kind.APPROVED, "00");

        assertThat(register.holds("anna")).isTrue();
        assertThat(register.holds("cleo")).isFalse();
        assertThat(register.made("anna", decision, anna.sign(decision))).isTrue();
        assertThat(register.made("anna", decision, newer.sign(decision))).isTrue();
        assertThat(register.made("anna", decision, ben.sign(decision))).isFalse();
        assertThat(register.made(
                        "anna", decision, CustodianKey.generate("anna", RANDOM).sign(decision)))
                .isFalse();
        assertThat(register.made("cleo", decision, cleo.sign(decision))).isFalse();
    }

    @Test
    void registerWhenOfOneCustodianOrWithOneKeyTwiceThenIsRefused() {
        String line = anna.custodian().line();
        String newer = CustodianKey.generate("anna", RANDOM).custodian().line();
        String second = ben.custodian().line();
        for (List<String> lines : List.of(
                List.<String>of(),
                List.of(line, newer),
                List.of(line, second, line),
                List.of(line, line.replace(" anna ", " another ")))) {
            assertThatThrownBy(() -> CustodianRegister.parse(lines)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> CustodianRegister.parse(List.of(line, second, "x")))
                .hasMessageContaining("line 3");
    }
}
