package dev.postern.kms;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A passphrase. Prints nothing, compares by identity only, and gives its characters to this package alone.
public final class Passphrase {
    private static final int SHORTEST = 16;

    private final char[] characters;

    private Passphrase(char[] characters) {
        this.characters = characters;
    }

    /// Takes a copy.
    ///
    /// @throws IllegalArgumentException if it is shorter than 16 characters
    public static Passphrase of(char[] characters) {
        if (characters.length < SHORTEST) {
            throw new IllegalArgumentException("a passphrase has at least " + SHORTEST + " characters");
        }
        return new Passphrase(characters.clone());
    }

    /// Reads the one line of a file.
    ///
    /// @throws KeyManagementException with one sentence if it is not there or too short
    public static Passphrase read(Path file) {
        try {
            return of(Files.readString(file).strip().toCharArray());
        } catch (IOException | IllegalArgumentException e) {
            throw new KeyManagementException(
                    KeyManagementException.Reason.UNAVAILABLE,
                    "The passphrase file " + file + " is not there, or holds less than " + SHORTEST + " characters.",
                    e);
        }
    }

    char[] reveal() {
        return characters.clone();
    }

    @Override
    public String toString() {
        return "Passphrase[hidden]";
    }
}
