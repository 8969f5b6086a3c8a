package dev.postern.cli.custody;

import dev.postern.archive.CustodianRegister;
import dev.postern.cli.terminal.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Custodians' public lines, as whoever checks their signatures has them.
public final class CustodianFile {
    private CustodianFile() {}

    /// Reads the file.
    ///
    /// @throws Failure with the line at fault
    public static CustodianRegister read(Path file) {
        try {
            return CustodianRegister.parse(Files.readAllLines(file));
        } catch (IOException | IllegalArgumentException e) {
            throw new Failure("The custodians in " + file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }
}
