package dev.postern.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SigningRequestTest {
    private final KeyPair keys = P256.generate(Authorities.RANDOM);
    private final byte[] der =
            SigningRequestWriter.write(keys, Authorities.TOKEN_SERVICE, List.of("localhost", "127.0.0.1"));

    @Test
    void readsWhatWasWritten() throws Exception {
        SigningRequest request = SigningRequest.parse(der);

        assertThat(request.publicKey()).isEqualTo(keys.getPublic());
        assertThat(request.names())
                .containsExactly(
                        new SubjectName(SubjectName.Kind.URI, "spiffe://postern.local/service/token-service"),
                        new SubjectName(SubjectName.Kind.DNS, "localhost"),
                        new SubjectName(SubjectName.Kind.IP, "127.0.0.1"));
    }

    @Test
    void everyFlippedByteIsRefusedOrLeavesKeyAndNamesAlone() {
        int refused = 0;
        for (int i = 0; i < der.length; i++) {
            byte[] altered = der.clone();
            altered[i] ^= 0x01;
            try {
                // A few bits carry no meaning (an alternative encoding of the same value): the signature still covers
                // the rest.
                SigningRequest request = SigningRequest.parse(altered);
                assertThat(request.publicKey()).as("byte %d", i).isEqualTo(keys.getPublic());
                assertThat(request.names()).as("byte %d", i).hasSize(3);
            } catch (SigningRequest.Refused _) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(der.length - 8);
    }

    @Test
    void everyTruncationIsRefused() {
        for (int length = 0; length < der.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(der, length);
            assertThatThrownBy(() -> SigningRequest.parse(cut)).isInstanceOf(SigningRequest.Refused.class);
        }
    }

    @Test
    void trailingBytesAreRefused() {
        byte[] longer = java.util.Arrays.copyOf(der, der.length + 1);
        assertThatThrownBy(() -> SigningRequest.parse(longer)).isInstanceOf(SigningRequest.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"secp384r1", "secp521r1"})
    void keysOnOtherCurvesAreRefused(String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        byte[] other = SigningRequestWriter.write(generator.generateKeyPair(), Authorities.TOKEN_SERVICE, List.of());

        assertThatThrownBy(() -> SigningRequest.parse(other)).hasMessageContaining("P-256");
    }

    @Test
    void requestSignedByAnotherKeyIsRefused() {
        KeyPair mixed =
                new KeyPair(keys.getPublic(), P256.generate(Authorities.RANDOM).getPrivate());
        byte[] stolen = SigningRequestWriter.write(mixed, Authorities.TOKEN_SERVICE, List.of());

        assertThatThrownBy(() -> SigningRequest.parse(stolen)).hasMessageContaining("not signed by its own key");
    }

    @Test
    void oversizedRequestIsRefused() {
        assertThatThrownBy(() -> SigningRequest.parse(new byte[9000])).hasMessageContaining("too long");
    }
}
