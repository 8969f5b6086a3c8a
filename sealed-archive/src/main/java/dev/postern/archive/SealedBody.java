package dev.postern.archive;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// A body that two custodians open together, and whoever stores it does not.
///
/// ```
/// "PSB1"  id (16 octets)  count (1)  count times: name length (1), name, share length (2), sealed share
/// AES-256-GCM(body) under a key of its own, nonce 0, all of the above and the label as associated data
/// ```
/// Share `x` is that of the custodian who is named in place `x`, from 1.
///
/// Guarantees: it opens with the shares of two of its custodians and under the label it was sealed with, or not at all;
/// one custodian learns its length and nothing else. Not guaranteed: who sealed it. Everybody who has the public keys
/// can make one; where it lies, in the log, under whose name, says that.
public final class SealedBody {
    private static final byte[] MAGIC = "PSB1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SHARE_CONTEXT = "postern-archive-share-1 ".getBytes(StandardCharsets.US_ASCII);
    private static final int ID = 16;
    private static final int TAG_BITS = 128;
    /// A key seals one body.
    private static final byte[] NONCE = new byte[12];

    /// One custodian's part of it.
    ///
    /// @param body the body's id, 16 octets
    /// @param x which share it is
    /// @param sealed to that custodian, and to this body and its label
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Portion(byte[] body, String custodian, int x, byte[] sealed) {
        public Portion {
            if (body.length != ID || !Custodian.isName(custodian) || x < 1 || x > 255) {
                throw new IllegalArgumentException("a portion names a body, a custodian and one of 255 shares");
            }
        }

        byte[] context(String label) {
            return shareContext(body, custodian, x, label);
        }
    }

    private final byte[] header;
    private final List<Portion> portions;
    private final byte[] ciphertext;

    private SealedBody(byte[] header, List<Portion> portions, byte[] ciphertext) {
        this.header = header;
        this.portions = portions;
        this.ciphertext = ciphertext;
    }

    /// Seals a body to custodians.
    ///
    /// @param label what it is, and is bound to
    public static byte[] seal(byte[] body, Custodians custodians, String label, SecureRandom random) {
        byte[] key = new byte[Share.OCTETS];
        random.nextBytes(key);
        byte[] id = new byte[ID];
        random.nextBytes(id);
        byte[][] shares = SecretSharing.split(key, custodians.all().size(), random);
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(MAGIC);
            out.writeBytes(id);
            out.write(shares.length);
            for (int i = 0; i < shares.length; i++) {
                Custodian custodian = custodians.all().get(i);
                byte[] name = custodian.name().getBytes(StandardCharsets.US_ASCII);
                byte[] sealed =
                        Share.seal(custodian.recipient(), shares[i], shareContext(id, custodian.name(), i + 1, label));
                out.write(name.length);
                out.writeBytes(name);
                out.writeBytes(ByteBuffer.allocate(Short.BYTES)
                        .putShort((short) sealed.length)
                        .array());
                out.writeBytes(sealed);
            }
            out.writeBytes(gcm(Cipher.ENCRYPT_MODE, key, out.toByteArray(), label, body));
            return out.toByteArray();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        } finally {
            Arrays.fill(key, (byte) 0);
            for (byte[] share : shares) {
                Arrays.fill(share, (byte) 0);
            }
        }
    }

    /// Reads the clear part.
    ///
    /// @return nothing when it is not of the form
    public static Optional<SealedBody> parse(byte[] octets) {
        ByteBuffer in = ByteBuffer.wrap(octets);
        try {
            if (!Arrays.equals(MAGIC, take(in, MAGIC.length))) {
                return Optional.empty();
            }
            byte[] id = take(in, ID);
            int count = in.get() & 0xFF;
            List<Portion> portions = new ArrayList<>();
            Set<String> names = new HashSet<>();
            for (int x = 1; x <= count; x++) {
                String name = new String(take(in, in.get() & 0xFF), StandardCharsets.US_ASCII);
                if (!Custodian.isName(name) || !names.add(name)) {
                    return Optional.empty();
                }
                portions.add(new Portion(id, name, x, take(in, in.getShort() & 0xFFFF)));
            }
            byte[] header = Arrays.copyOf(octets, in.position());
            byte[] ciphertext = take(in, in.remaining());
            return count < Custodians.FEWEST || ciphertext.length < TAG_BITS / Byte.SIZE
                    ? Optional.empty()
                    : Optional.of(new SealedBody(header, List.copyOf(portions), ciphertext));
        } catch (BufferUnderflowException _) {
            return Optional.empty();
        }
    }

    private static byte[] take(ByteBuffer in, int length) {
        if (in.remaining() < length) {
            throw new BufferUnderflowException();
        }
        byte[] taken = new byte[length];
        in.get(taken);
        return taken;
    }

    /// What its shares are bound to, beside its label: 16 octets.
    public byte[] id() {
        return portions.getFirst().body().clone();
    }

    /// Whose two open it.
    public List<Portion> portions() {
        return portions;
    }

    /// A custodian's part; nothing for whoever is none of this body's.
    public Optional<Portion> portion(String custodian) {
        return portions.stream()
                .filter(portion -> portion.custodian().equals(custodian))
                .findFirst();
    }

    /// Whoever opens their share knows by that of which body it is, and under what label, though they never see it.
    private static byte[] shareContext(byte[] id, String custodian, int x, String label) {
        byte[] name = custodian.getBytes(StandardCharsets.US_ASCII);
        byte[] what = label.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(SHARE_CONTEXT.length + ID + 2 + name.length + what.length)
                .put(SHARE_CONTEXT)
                .put(id)
                .put((byte) x)
                .put((byte) name.length)
                .put(name)
                .put(what)
                .array();
    }

    /// The body.
    ///
    /// @throws CannotOpen when the shares are not of two custodians of this body, or body or label were altered
    public byte[] open(Share one, Share other, String label) throws CannotOpen {
        if (one.x() == other.x()) {
            throw new CannotOpen("both shares are of one custodian");
        }
        byte[] key = SecretSharing.join(one.x(), one.octets(), other.x(), other.octets());
        try {
            return gcm(Cipher.DECRYPT_MODE, key, header, label, ciphertext);
        } catch (GeneralSecurityException _) {
            throw new CannotOpen("the shares are not of two custodians of this body, or it was altered");
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private static byte[] gcm(int mode, byte[] key, byte[] header, String label, byte[] text)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, NONCE));
        cipher.updateAAD(header);
        cipher.updateAAD(label.getBytes(StandardCharsets.UTF_8));
        return cipher.doFinal(text);
    }
}
