package dev.postern.session;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.conscrypt.HpkeContextSender;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The production code (Conscrypt, SunJCE) against the known answers.
final class KnownAnswersTest {
    /// Inputs, and the values of the reserved warm standby.
    private static final Set<String> NOT_DERIVED = Set.of(
            "suite",
            "skR_ikm",
            "skE_ikm",
            "enc1_ikm",
            "enc2_ikm",
            "enc1_randomness",
            "enc2_randomness",
            "pkR",
            "pkE",
            "skR",
            "skE",
            "enc1",
            "enc2",
            "ct1",
            "ct2",
            "standby",
            "es_takeover_fence7");

    @ParameterizedTest
    @EnumSource
    void everyDerivedValueIsTheFiles(Vector vector) {
        List<VectorFile.Check> checks = VectorFile.check(vector.octets());

        assertThat(checks).allMatch(VectorFile.Check::ok);
        Set<String> names = new TreeSet<>(vector.json().propertyNames());
        names.removeAll(NOT_DERIVED);
        assertThat(checks).extracting(VectorFile.Check::name).containsExactlyInAnyOrderElementsOf(names);
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
    void anAlteredFileIsFound(Vector vector) {
        for (String name : List.of("ct1", "ct2", "fin_r", "es1_upd", "frame1_ct", "frame0_hdr")) {
            String text = new String(vector.octets(), UTF_8);
            int value = text.indexOf("\"" + name + "\":\"") + name.length() + 4;
            char flipped = text.charAt(value) == '0' ? '1' : '0';
            String altered = text.substring(0, value) + flipped + text.substring(value + 1);
            assertThat(VectorFile.check(altered.getBytes(UTF_8))).as(name).anyMatch(check -> !check.ok());
        }
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
