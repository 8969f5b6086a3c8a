package dev.postern.kms;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// The form of a wrapped value: one octet that names the implementation, the key's version as four octets, big
/// endian, then what that implementation made. One form for all, so that whoever keeps wrapped values can see which
/// are due for [KeyManagement#rewrap] without asking anybody.
///
/// The header is not secret, and not to be believed until the value was unwrapped.
public final class WrappedValue {
    private static final int HEADER_BYTES = 1 + Integer.BYTES;

    /// Who can unwrap it.
    public enum Form {
        KEYSET((byte) 1),
        TRANSIT((byte) 2),
        PKCS11((byte) 3);

        private final byte octet;

        Form(byte octet) {
            this.octet = octet;
        }

        byte octet() {
            return octet;
        }
    }

    private final int version;
    private final byte[] sealed;

    private WrappedValue(int version, byte[] sealed) {
        this.version = version;
        this.sealed = sealed;
    }

    public static byte[] encode(Form form, int version, byte[] sealed) {
        return ByteBuffer.allocate(HEADER_BYTES + sealed.length)
                .put(form.octet())
                .putInt(version)
                .put(sealed)
                .array();
    }

    /// Empty if this is no wrapped value of this form.
    public static Optional<WrappedValue> parse(byte[] wrapped, Form form) {
        if (wrapped.length < HEADER_BYTES || wrapped[0] != form.octet()) {
            return Optional.empty();
        }
        int version = ByteBuffer.wrap(wrapped).getInt(1);
        return version < 1
                ? Optional.empty()
                : Optional.of(new WrappedValue(version, Arrays.copyOfRange(wrapped, HEADER_BYTES, wrapped.length)));
    }

    /// Under which version a value lies, whoever wrapped it.
    ///
    /// @throws KeyManagementException if it is no wrapped value at all
    public static int versionOf(byte[] wrapped) {
        for (Form form : Form.values()) {
            Optional<WrappedValue> value = parse(wrapped, form);
            if (value.isPresent()) {
                return value.get().version();
            }
        }
        throw new KeyManagementException(
                KeyManagementException.Reason.NOT_AUTHENTIC, "This is not a value that key management wrapped.");
    }

    /// Binds a wrapped value to the key's name and to what it is for; the length keeps the two apart.
    static byte[] associated(Form form, KeyName key, int version, byte[] context) {
        byte[] name = key.value().getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(2 * Byte.BYTES + Integer.BYTES + name.length + context.length)
                .put(form.octet())
                .putInt(version)
                .put((byte) name.length)
                .put(name)
                .put(context)
                .array();
    }

    /// Of the key, from 1.
    public int version() {
        return version;
    }

    public byte[] sealed() {
        return sealed.clone();
    }
}
