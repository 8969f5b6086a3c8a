package dev.postern.session;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.conscrypt.HpkeContextSender;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

/// The production code (Conscrypt, SunJCE) against the known answers.
final class KnownAnswersTest {
    /// The seeds of the second implementation, and the values of the reserved warm standby.
    private static final Set<String> UNCHECKED =
            Set.of("skR_ikm", "skE_ikm", "enc1_ikm", "enc2_ikm", "standby", "es_takeover_fence7");

    /// Members that others are derived from: an altered one is found, at itself or at what came of it.
    private static final Set<String> INPUTS =
            Set.of("suite", "enc1_randomness", "enc2_randomness", "pkR", "pkE", "skR", "skE", "enc1", "enc2");

    @ParameterizedTest
    @EnumSource
    void everyDerivedValueIsTheFiles(Vector vector) {
        VectorFile.Report report = VectorFile.check(vector.octets());

        assertThat(report.firstMismatch()).isEmpty();
        assertThat(report.checks()).allMatch(VectorFile.Check::ok);
        Set<String> names = new TreeSet<>(vector.json().propertyNames());
        assertThat(report.unchecked()).containsExactlyInAnyOrderElementsOf(retained(names, UNCHECKED));
        names.removeAll(UNCHECKED);
        names.removeAll(INPUTS);
        assertThat(report.checks()).extracting(VectorFile.Check::name).containsAll(names);
    }

    private static Set<String> retained(Set<String> names, Set<String> kept) {
        Set<String> retained = new TreeSet<>(names);
        retained.retainAll(kept);
        return retained;
    }

    @ParameterizedTest
    @EnumSource
    void theSendersSideGivesTheSameCiphertexts(Vector vector) throws GeneralSecurityException {
        byte[] header = vector.hex("OH");
        byte[] kcd = Hashing.sha256("key-config".getBytes(US_ASCII), vector.hex("pkR"));
        HpkeContextSender open = Hpke.insecureDeterministicSender(
                vector.suite(), vector.hex("pkR"), Transcript.openInfo(kcd, header), randomness(vector, 1));
        byte[] enc1 = open.getEncapsulated();
        assertThat(enc1).isEqualTo(vector.hex("enc1"));
        assertThat(open.seal(vector.hex("open_body"), Transcript.openAad(header, enc1)))
                .isEqualTo(vector.hex("ct1"));

        byte[] th1 = Transcript.afterOpen(header, enc1, vector.hex("ct1"));
        HpkeContextSender accept = Hpke.insecureDeterministicSender(
                vector.suite(), vector.hex("pkE"), Transcript.acceptInfo(th1), randomness(vector, 2));
        byte[] enc2 = accept.getEncapsulated();
        assertThat(enc2).isEqualTo(vector.hex("enc2"));
        assertThat(accept.seal(vector.hex("accept_body"), Transcript.acceptAad(vector.hex("AH"), enc2, th1)))
                .isEqualTo(vector.hex("ct2"));
    }

    /// For X25519 BoringSSL takes the ephemeral private key itself, which the file derives from `ikm` (RFC 9180
    /// s7.1.3).
    private static byte[] randomness(Vector vector, int which) {
        return switch (vector) {
            case X_WING -> vector.hex("enc" + which + "_randomness");
            case X25519 ->
                SecondImplementation.of(vector.suite()).derivedPrivateKey(vector.hex("enc" + which + "_ikm"));
        };
    }

    @ParameterizedTest
    @EnumSource
    void anAlteredValueIsFoundByItsName(Vector vector) {
        for (String name : vector.json().propertyNames()) {
            if (name.equals("suite")) {
                continue;
            }
            VectorFile.Report report = VectorFile.check(altered(vector, name));
            if (UNCHECKED.contains(name)) {
                assertThat(report.unchecked()).contains(name);
            } else if (INPUTS.contains(name)) {
                assertThat(report.firstMismatch()).as(name).isPresent();
            } else {
                assertThat(report.firstMismatch()).as(name).contains(name);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aValueOfAnotherLengthIsFound(Vector vector) {
        for (String name : vector.json().propertyNames()) {
            if (!name.equals("suite") && !UNCHECKED.contains(name)) {
                ObjectNode shorter = (ObjectNode) vector.json();
                shorter.put(name, vector.json().path(name).stringValue().substring(2));
                assertThat(VectorFile.check(Json.write(shorter)).firstMismatch())
                        .as(name)
                        .isPresent();
            }
        }
    }

    @Test
    void anotherSuiteIsFound() {
        ObjectNode file = (ObjectNode) Vector.X_WING.json();
        file.put("suite", "x25519");
        assertThat(VectorFile.check(Json.write(file)).firstMismatch()).contains("OH");
    }

    private static byte[] altered(Vector vector, String name) {
        String value = vector.json().path(name).stringValue();
        ObjectNode file = (ObjectNode) vector.json();
        file.put(name, (value.charAt(0) == '0' ? '1' : '0') + value.substring(1));
        return Json.write(file);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNoVectorFileIsRefused(Vector vector) {
        byte[] octets = vector.octets();
        assertThatThrownBy(() -> VectorFile.check(Arrays.copyOf(octets, octets.length / 2)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> VectorFile.check("{}".getBytes(UTF_8))).isInstanceOf(IllegalArgumentException.class);
    }
}
