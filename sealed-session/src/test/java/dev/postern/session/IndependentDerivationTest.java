package dev.postern.session;

import static dev.postern.session.SecondImplementation.expand;
import static dev.postern.session.SecondImplementation.sealFrame;
import static dev.postern.session.SecondImplementation.sha256;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every known answer once more from its seeds, by Bouncy Castle: two implementations that agree on each value.
final class IndependentDerivationTest {
    private static final byte[] NONE = {};
    private static final byte[] EXPORT = "ssp1 secret".getBytes(US_ASCII);

    @ParameterizedTest
    @EnumSource
    void bouncyCastleDerivesEveryValueFromTheSeeds(Vector vector) throws InvalidCipherTextException {
        SecondImplementation second = SecondImplementation.of(vector.suite());
        HPKE hpke = second.hpke();
        AsymmetricCipherKeyPair relay = second.derive(vector.hex("skR_ikm"));
        AsymmetricCipherKeyPair client = second.derive(vector.hex("skE_ikm"));
        byte[] pkR = hpke.serializePublicKey(relay.getPublic());
        assertThat(pkR).isEqualTo(vector.hex("pkR"));
        assertThat(hpke.serializePrivateKey(relay.getPrivate())).isEqualTo(vector.hex("skR"));
        assertThat(hpke.serializePublicKey(client.getPublic())).isEqualTo(vector.hex("pkE"));
        assertThat(hpke.serializePrivateKey(client.getPrivate())).isEqualTo(vector.hex("skE"));

        byte[] header = vector.hex("OH");
        byte[] kcd = sha256("key-config".getBytes(US_ASCII), pkR);
        byte[] info1 = join("ssp1 open\0".getBytes(US_ASCII), kcd, sha256(header));
        HPKEContextWithEncapsulation open = encapsulate(vector, second, relay, info1, 1);
        byte[] enc1 = open.getEncapsulation();
        assertThat(enc1).isEqualTo(vector.hex("enc1"));
        byte[] ct1 = open.seal(join(header, enc1), vector.hex("open_body"));
        assertThat(ct1).isEqualTo(vector.hex("ct1"));
        byte[] exp1 = open.export(EXPORT, 32);
        assertThat(exp1).isEqualTo(vector.hex("exp1"));
        assertThat(hpke.setupBaseR(enc1, relay, info1).open(join(header, enc1), ct1))
                .isEqualTo(vector.hex("open_body"));
        byte[] th1 = sha256(header, enc1, ct1);
        assertThat(th1).isEqualTo(vector.hex("th1"));

        byte[] acceptHeader = vector.hex("AH");
        byte[] info2 = join("ssp1 accept\0".getBytes(US_ASCII), th1);
        HPKEContextWithEncapsulation accept = encapsulate(vector, second, client, info2, 2);
        byte[] enc2 = accept.getEncapsulation();
        assertThat(enc2).isEqualTo(vector.hex("enc2"));
        byte[] ct2 = accept.seal(join(acceptHeader, enc2, th1), vector.hex("accept_body"));
        assertThat(ct2).isEqualTo(vector.hex("ct2"));
        byte[] exp2 = accept.export(EXPORT, 32);
        assertThat(exp2).isEqualTo(vector.hex("exp2"));
        assertThat(hpke.setupBaseR(enc2, client, info2).open(join(acceptHeader, enc2, th1), ct2))
                .isEqualTo(vector.hex("accept_body"));
        byte[] th2 = sha256(th1, acceptHeader, enc2, ct2);
        assertThat(th2).isEqualTo(vector.hex("th2"));

        byte[] prk = SecondImplementation.extract(th2, join(exp1, exp2));
        assertThat(prk).isEqualTo(vector.hex("prk"));
        assertThat(SecondImplementation.hmac(expand(prk, "fin r", NONE, 32), th2))
                .isEqualTo(vector.hex("fin_r"));
        schedule(vector, prk);
    }

    private static void schedule(Vector vector, byte[] prk) throws InvalidCipherTextException {
        byte[] es0 = expand(prk, "epoch", new byte[4], 32);
        assertThat(es0).isEqualTo(vector.hex("es0"));
        assertThat(expand(es0, "upd", new byte[] {0, 0, 0, 1}, 32)).isEqualTo(vector.hex("es1_upd"));
        frame(vector, es0, "c", "frame0");
        frame(vector, es0, "r", "frame1");
        // The commitment is not in the files: here the two implementations answer for it.
        try (Secret epoch = Secret.owning(es0.clone())) {
            assertThat(KeySchedule.commitment(epoch)).isEqualTo(expand(es0, "commit", NONE, 32));
        }
    }

    private static void frame(Vector vector, byte[] es0, String direction, String name)
            throws InvalidCipherTextException {
        byte[] key = expand(es0, "key " + direction, NONE, 32);
        byte[] iv = expand(es0, "iv " + direction, NONE, 12);
        assertThat(key).isEqualTo(vector.hex("key_" + direction));
        assertThat(iv).isEqualTo(vector.hex("iv_" + direction));
        assertThat(sealFrame(key, iv, vector.hex(name + "_hdr"), vector.hex(name + "_pt")))
                .isEqualTo(vector.hex(name + "_ct"));
    }

    private static HPKEContextWithEncapsulation encapsulate(
            Vector vector, SecondImplementation second, AsymmetricCipherKeyPair to, byte[] info, int which) {
        return switch (vector) {
            case X25519 ->
                second.hpke().setupBaseS(to.getPublic(), info, second.derive(vector.hex("enc" + which + "_ikm")));
            case X_WING -> second.hpke().setupBaseS(to.getPublic(), info, vector.hex("enc" + which + "_randomness"));
        };
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
