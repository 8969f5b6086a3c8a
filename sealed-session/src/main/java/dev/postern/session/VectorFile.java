package dev.postern.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.conscrypt.HpkeContextRecipient;
import tools.jackson.databind.JsonNode;

/// A file of known answers (`testdata/vectors`), checked by the code that runs in production: both decapsulations,
/// the key schedule and the frames. Made for `postern vectors` and the tests; it never sees a live key.
public final class VectorFile {
    private static final HexFormat HEX = HexFormat.of();

    private final JsonNode json;
    private final List<Check> checks = new ArrayList<>();

    /// One value of the file and whether we derive the same.
    public record Check(String name, boolean ok) {}

    private VectorFile(JsonNode json) {
        this.json = json;
    }

    /// Checks every value that a receiver derives, in the order of derivation.
    ///
    /// @throws IllegalArgumentException when this is no file of known answers
    public static List<Check> check(byte[] file) {
        try {
            return new VectorFile(Json.read(file)).run();
        } catch (MalformedContent e) {
            throw new IllegalArgumentException("not a file of SSP1 known answers", e);
        }
    }

    private List<Check> run() throws MalformedContent {
        Suite suite = switch (Json.text(json, "suite").toLowerCase(Locale.ROOT)) {
            case "xwing" -> Suite.X_WING;
            case "x25519" -> Suite.X25519;
            default -> throw new MalformedContent("another suite");
        };
        byte[] header = hex("OH");
        byte[] enc1 = hex("enc1");
        byte[] ct1 = hex("ct1");
        byte[] kcd = Hashing.sha256("key-config".getBytes(US_ASCII), hex("pkR"));
        byte[] challenge = Arrays.copyOfRange(header, header.length - Challenges.LENGTH, header.length);
        KeyId keyId = KeyId.read(ByteBuffer.wrap(header).position(12));
        same("OH", Transcript.openHeader(suite, keyId, challenge));
        byte[] exp1;
        byte[] exp2;
        byte[] th1 = Transcript.afterOpen(header, enc1, ct1);
        byte[] acceptHeader = hex("AH");
        SessionId session = SessionId.read(ByteBuffer.wrap(acceptHeader), 6);
        same("AH", Transcript.acceptHeader(session));
        byte[] enc2 = hex("enc2");
        byte[] ct2 = hex("ct2");
        try (KemKeyPair relay = Hpke.keyPair(suite, hex("pkR"), hex("skR"));
                KemKeyPair client = Hpke.keyPair(suite, hex("pkE"), hex("skE"))) {
            HpkeContextRecipient first = Hpke.recipient(relay, enc1, Transcript.openInfo(kcd, header));
            same("open_body", first.open(ct1, Transcript.openAad(header, enc1)));
            exp1 = first.export(KeySchedule.SECRET_LENGTH, Transcript.EXPORT_LABEL);
            HpkeContextRecipient second = Hpke.recipient(client, enc2, Transcript.acceptInfo(th1));
            same("accept_body", second.open(ct2, Transcript.acceptAad(acceptHeader, enc2, th1)));
            exp2 = second.export(KeySchedule.SECRET_LENGTH, Transcript.EXPORT_LABEL);
        } catch (GeneralSecurityException _) {
            checks.add(new Check("handshake", false));
            return checks;
        }
        same("exp1", exp1);
        same("th1", th1);
        same("exp2", exp2);
        byte[] th2 = Transcript.afterAccept(th1, acceptHeader, enc2, ct2);
        same("th2", th2);
        try (Secret prk = KeySchedule.masterSecret(th2, exp1, exp2);
                Secret es0 = KeySchedule.firstEpoch(prk)) {
            same("prk", prk.getEncoded());
            same("fin_r", KeySchedule.relayFinish(prk, th2));
            schedule(es0);
        }
        return checks;
    }

    private void schedule(Secret es0) throws MalformedContent {
        same("es0", es0.getEncoded());
        same("key_c", KeySchedule.frameKey(es0, Role.CLIENT).getEncoded());
        same("iv_c", KeySchedule.frameIv(es0, Role.CLIENT));
        same("key_r", KeySchedule.frameKey(es0, Role.RELAY).getEncoded());
        same("iv_r", KeySchedule.frameIv(es0, Role.RELAY));
        try (Secret es1 = KeySchedule.nextEpoch(es0, 1)) {
            same("es1_upd", es1.getEncoded());
        }
        frame("frame0", es0, Role.CLIENT);
        frame("frame1", es0, Role.RELAY);
    }

    private void frame(String name, Secret epochSecret, Role sender) throws MalformedContent {
        byte[] expected = Hashing.concatenate(hex(name + "_hdr"), hex(name + "_ct"));
        byte[] plaintext = hex(name + "_pt");
        if (!(FrameHeader.parse(ByteBuffer.wrap(expected)) instanceof FrameHeader.Valid(FrameHeader header))) {
            checks.add(new Check(name + "_hdr", false));
            return;
        }
        ByteBuffer again = ByteBuffer.allocate(expected.length);
        header.write(again);
        checks.add(new Check(
                name + "_hdr",
                header.sender() == sender
                        && Arrays.equals(hex(name + "_hdr"), Arrays.copyOf(again.array(), FrameHeader.LENGTH))));
        again.put(plaintext);
        try (FrameCipher sealing = FrameCipher.of(epochSecret, sender);
                FrameCipher opening = FrameCipher.of(epochSecret, sender)) {
            sealing.seal(header.seq(), again.array());
            checks.add(new Check(name + "_ct", Arrays.equals(expected, again.array())));
            byte[] opened = opening.open(header.seq(), ByteBuffer.wrap(expected));
            checks.add(new Check(name + "_pt", Arrays.equals(plaintext, opened)));
        }
    }

    private byte[] hex(String name) throws MalformedContent {
        try {
            return HEX.parseHex(Json.text(json, name));
        } catch (IllegalArgumentException e) {
            throw new MalformedContent(e);
        }
    }

    private void same(String name, byte[] derived) throws MalformedContent {
        checks.add(new Check(name, Arrays.equals(hex(name), derived)));
    }
}
