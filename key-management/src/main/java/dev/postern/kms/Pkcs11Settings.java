package dev.postern.kms;

import java.nio.file.Path;

/// Which token, and who may use it.
///
/// @param library   the PKCS#11 module of the token's maker
/// @param slotIndex of the token in the module's list of slots, from 0
/// @param pinFile   holds the user's PIN
public record Pkcs11Settings(Path library, int slotIndex, Path pinFile) {
    public Pkcs11Settings {
        if (!library.isAbsolute() || library.toString().matches(".*[\"\\s].*")) {
            throw new IllegalArgumentException("the PKCS#11 library is an absolute path without blanks");
        }
        if (slotIndex < 0) {
            throw new IllegalArgumentException("slots of a PKCS#11 library count from 0");
        }
    }
}
