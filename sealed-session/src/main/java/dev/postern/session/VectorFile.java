package dev.postern.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.conscrypt.HpkeContextRecipient;
import org.conscrypt.HpkeContextSender;
import tools.jackson.databind.JsonNode;

/// A file of known answers (`testdata/vectors`), checked by the code that runs in production: both decapsulations,
/// the key schedule and the frames. Made for `postern vectors` and the tests; it never sees a live key.
///
/// **Guarantee.** Every value that a receiver uses or derives is compared, and for X-Wing, whose encapsulation takes
/// raw randomness, what the sender makes as well. **No guarantee** about the members in [Report#unchecked]: the seeds
/// that a second implementation starts from, and what this version of the protocol reserves. Bits that X25519 ignores
/// (RFC 7748 s5) make no difference here either.
public final class VectorFile {
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] PAIRED = "pair".getBytes(US_ASCII);

    private final JsonNode json;
    private final List<Check> checks = new ArrayList<>();
    private final Set<String> used = new LinkedHashSet<>();

    /// One value of the file, by the name of its JSON member, and whether we derive the same.
    public record Check(String name, boolean ok) {}

    /// What came of a file.
    ///
    /// @param checks in the order of derivation, so that the first mismatch is where it began; a private key that
    /// is not its public key's is reported at the public one
    /// @param unchecked members that nothing here depends on
    public record Report(List<Check> checks, List<String> unchecked) {
        public Report {
            checks = List.copyOf(checks);
            unchecked = List.copyOf(unchecked);
        }

        /// The JSON member at which our values begin to differ.
        public Optional<String> firstMismatch() {
            return checks.stream().filter(check -> !check.ok()).map(Check::name).findFirst();
        }
    }

    private VectorFile(JsonNode json) {
        this.json = json;
    }

    /// Checks every value, in the order of derivation.
    ///
    /// @throws IllegalArgumentException when this is no file of known answers; its message names the member, if any
    public static Report check(byte[] file) {
        try {
            VectorFile vectors = new VectorFile(Json.read(file));
            vectors.run();
            return vectors.report();
        } catch (MalformedContent e) {
            String what = e.getCause() == null ? String.valueOf(e.getMessage()) : "no JSON object";
            throw new IllegalArgumentException("not a file of SSP1 known answers: " + what, e);
        }
    }

    private Report report() {
        Set<String> unchecked = new LinkedHashSet<>(json.propertyNames());
        unchecked.removeAll(used);
        return new Report(checks, List.copyOf(unchecked));
    }

    private Suite suite() throws MalformedContent {
        used.add("suite");
        return switch (Json.text(json, "suite").toLowerCase(Locale.ROOT)) {
            case "xwing" -> Suite.X_WING;
            case "x25519" -> Suite.X25519;
            default -> throw new MalformedContent("another suite");
        };
    }

    private void run() throws MalformedContent {
        Suite suite = suite();
        byte[] header = hex("OH");
        byte[] acceptHeader = hex("AH");
        if (!wellFormed(suite, header, acceptHeader)) {
            return;
        }
        byte[] enc1 = hex("enc1");
        byte[] ct1 = hex("ct1");
        byte[] enc2 = hex("enc2");
        byte[] ct2 = hex("ct2");
        byte[] kcd = Hashing.sha256("key-config".getBytes(US_ASCII), hex("pkR"));
        byte[] th1 = Transcript.afterOpen(header, enc1, ct1);
        byte[] th2 = Transcript.afterAccept(th1, acceptHeader, enc2, ct2);
        byte[] info1 = Transcript.openInfo(kcd, header);
        byte[] info2 = Transcript.acceptInfo(th1);
        Optional<byte[]> exp1 =
                received(suite, new Half("1", "R", "open_body"), info1, Transcript.openAad(header, enc1));
        if (exp1.isEmpty()) {
            return;
        }
        same("exp1", exp1.get());
        same("th1", th1);
        Optional<byte[]> exp2 = received(
                suite, new Half("2", "E", "accept_body"), info2, Transcript.acceptAad(acceptHeader, enc2, th1));
        if (exp2.isEmpty()) {
            return;
        }
        same("exp2", exp2.get());
        same("th2", th2);
        try (Secret prk = KeySchedule.masterSecret(th2, exp1.get(), exp2.get());
                Secret es0 = KeySchedule.firstEpoch(prk)) {
            same("prk", prk.getEncoded());
            same("fin_r", KeySchedule.relayFinish(prk, th2));
            schedule(es0);
        }
    }

    private boolean wellFormed(Suite suite, byte[] header, byte[] acceptHeader) throws MalformedContent {
        if (header.length != Transcript.OPEN_HEADER_LENGTH || acceptHeader.length != Transcript.ACCEPT_HEADER_LENGTH) {
            String wrong = header.length == Transcript.OPEN_HEADER_LENGTH ? "AH" : "OH";
            checks.add(new Check(wrong, false));
            return false;
        }
        byte[] challenge = Arrays.copyOfRange(header, header.length - Challenges.LENGTH, header.length);
        KeyId keyId = KeyId.read(ByteBuffer.wrap(header).position(12));
        same("OH", Transcript.openHeader(suite, keyId, challenge));
        same("AH", Transcript.acceptHeader(SessionId.read(ByteBuffer.wrap(acceptHeader), 6)));
        return true;
    }

    /// One of the two encapsulations, by the ends of its members' names.
    private record Half(String number, String owner, String body) {}

    /// What the half's receiver exports; nothing when it cannot read what was sent to it.
    private Optional<byte[]> received(Suite suite, Half half, byte[] info, byte[] aad) throws MalformedContent {
        byte[] publicKey = hex("pk" + half.owner);
        byte[] encapsulation = hex("enc" + half.number);
        String ciphertext = "ct" + half.number;
        String failing = "pk" + half.owner;
        try (KemKeyPair key = Hpke.keyPair(suite, publicKey, hex("sk" + half.owner))) {
            checks.add(new Check(failing, paired(key)));
            failing = "enc" + half.number;
            if (json.has(failing + "_randomness")) {
                HpkeContextSender sender =
                        Hpke.insecureDeterministicSender(suite, publicKey, info, hex(failing + "_randomness"));
                same(failing, sender.getEncapsulated());
            }
            HpkeContextRecipient context = Hpke.recipient(key, encapsulation, info);
            failing = ciphertext;
            same(half.body, context.open(hex(ciphertext), aad));
            checks.add(new Check(ciphertext, true));
            return Optional.of(context.export(KeySchedule.SECRET_LENGTH, Transcript.EXPORT_LABEL));
        } catch (GeneralSecurityException | RuntimeException _) {
            // Conscrypt says some of it in bare RuntimeExceptions.
            checks.add(new Check(failing, false));
            return Optional.empty();
        }
    }

    private static boolean paired(KemKeyPair key) throws GeneralSecurityException {
        HpkeContextSender sender = Hpke.sender(key.suite(), key.publicKey(), PAIRED);
        HpkeContextRecipient recipient = Hpke.recipient(key, sender.getEncapsulated(), PAIRED);
        return Arrays.equals(
                sender.export(KeySchedule.SECRET_LENGTH, PAIRED), recipient.export(KeySchedule.SECRET_LENGTH, PAIRED));
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
        if (plaintext.length != again.remaining() - FrameHeader.TAG_LENGTH) {
            checks.add(new Check(name + "_pt", false));
            return;
        }
        again.put(plaintext);
        try (FrameCipher sealing = FrameCipher.of(epochSecret, sender);
                FrameCipher opening = FrameCipher.of(epochSecret, sender)) {
            ByteBuffer opened = opening.open(header.seq(), ByteBuffer.wrap(expected));
            checks.add(new Check(
                    name + "_pt", opened == null || ByteBuffer.wrap(plaintext).equals(opened)));
            sealing.seal(header.seq(), again.array());
            checks.add(new Check(name + "_ct", Arrays.equals(expected, again.array())));
        }
    }

    private byte[] hex(String name) throws MalformedContent {
        used.add(name);
        try {
            return HEX.parseHex(Json.text(json, name));
        } catch (IllegalArgumentException _) {
            throw new MalformedContent("no hexadecimal text " + name);
        }
    }

    private void same(String name, byte[] derived) throws MalformedContent {
        checks.add(new Check(name, Arrays.equals(hex(name), derived)));
    }
}
