package dev.postern.rotation.directory;

import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.rotation.lifecycle.KeyClass;
import java.util.Arrays;
import java.util.stream.Collectors;

/// Reads a class of keys from a request.
public final class KeyClasses {
    private static final Problem UNKNOWN_CLASS = new Problem(
            400,
            "unknown-key-class",
            "There is no such class of keys; there are "
                    + Arrays.stream(KeyClass.values()).map(KeyClass::wireName).collect(Collectors.joining(", "))
                    + ".");

    private KeyClasses() {}

    /// Answers, or refuses as the wire tells it.
    ///
    /// @throws ProblemException 400 for another name
    public static KeyClass read(String name) {
        return KeyClass.of(name).orElseThrow(() -> new ProblemException(UNKNOWN_CLASS));
    }
}
