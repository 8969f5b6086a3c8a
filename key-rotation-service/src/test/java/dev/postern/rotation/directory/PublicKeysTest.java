package dev.postern.rotation.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.rotation.lifecycle.KeyClass;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PublicKeysTest {
    private static final String KID = "a-key-id";

    private static ECKey key(Curve curve) throws Exception {
        return new ECKeyGenerator(curve).keyID(KID).generate();
    }

    @Test
    void readsAPublicKeyIntoOneForm() throws Exception {
        ECKey key = key(Curve.P_256);

        assertThat(PublicKeys.read(
                        KeyClass.TOKEN_SIGNING, KID, key.toPublicJWK().toJSONObject()))
                .containsOnlyKeys("kty", "crv", "x", "y", "kid", "use", "alg")
                .containsEntry("x", key.getX().toString())
                .containsEntry("kid", KID);
    }

    @Test
    void privateKeyIsRefusedByName() throws Exception {
        assertCode("private-key-sent", KID, key(Curve.P_256).toJSONObject());
    }

    @Test
    void otherKeysAreRefused() throws Exception {
        Map<String, Object> good = key(Curve.P_256).toPublicJWK().toJSONObject();
        Map<String, Object> offCurve = new HashMap<>(good);
        offCurve.put("y", good.get("x"));

        assertCode("not-a-signing-key", KID, key(Curve.P_384).toPublicJWK().toJSONObject());
        assertCode("not-a-signing-key", KID, offCurve);
        assertCode("not-a-signing-key", "another-id", good);
        assertCode("not-a-signing-key", KID, with(good, "alg", "ES384"));
        assertCode("not-a-signing-key", KID, with(good, "use", "enc"));
        assertCode("not-a-signing-key", KID, with(good, "kty", "RSA"));
        assertCode("not-a-signing-key", KID, Map.of());
        assertCode("malformed", "../../etc", good);
        assertCode("malformed", "short", good);
    }

    @Test
    void idThatLooksLikeASerialNumberIsRefused() throws Exception {
        Map<String, Object> good = key(Curve.P_256).toPublicJWK().toJSONObject();
        for (String serial : new String[] {"0123456789abcdef", "0123456789abcdef0123456789abcdef01234567"}) {
            assertCode("serial-number", serial, good);
            assertThatThrownBy(() -> PublicKeys.read(KeyClass.TLS_TICKET, serial, Map.of()))
                    .isInstanceOf(ProblemException.class);
            assertThat(PublicKeys.read(KeyClass.SERVICE_CERT, serial, Map.of())).isEmpty();
        }
        assertThat(PublicKeys.read(KeyClass.TLS_TICKET, "0123456789ABCDEF", Map.of()))
                .isEmpty();
    }

    private static Map<String, Object> with(Map<String, Object> jwk, String name, String value) {
        Map<String, Object> altered = new HashMap<>(jwk);
        altered.put(name, value);
        return altered;
    }

    private static void assertCode(String code, String kid, Map<String, Object> jwk) {
        assertThatThrownBy(() -> PublicKeys.read(KeyClass.TOKEN_SIGNING, kid, jwk))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code));
    }
}
