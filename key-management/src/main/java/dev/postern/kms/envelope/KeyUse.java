package dev.postern.kms.envelope;

import dev.postern.kms.KeyName;
import java.util.Arrays;
import java.util.Optional;

/// What a data key does. A key of one use never does another's work.
public enum KeyUse {
    /// Seals records.
    RECORDS(1, ""),
    /// Makes blind indexes.
    INDEX(2, "-index");

    private final int code;
    private final String suffix;

    KeyUse(int code, String suffix) {
        this.code = code;
        this.suffix = suffix;
    }

    /// As shelves store it.
    public int code() {
        return code;
    }

    public static Optional<KeyUse> ofCode(int code) {
        return Arrays.stream(values()).filter(use -> use.code == code).findFirst();
    }

    /// The key that wraps keys of this use.
    KeyName wrapping(KeyName store) {
        return KeyName.wrapping(store.value() + suffix);
    }
}
