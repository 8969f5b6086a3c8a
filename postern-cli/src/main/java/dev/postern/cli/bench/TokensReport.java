package dev.postern.cli.bench;

import java.util.List;

/// Everything that one run of `bench tokens` found.
///
/// @param signaturesPerSecond ES256 signatures by one core, the JDK alone
/// @param firstRevocation of a platform that has never ended a stream before: its code for that is cold
/// @param revocation the same once more
public record TokensReport(
        List<TokenFigure> tokens,
        double signaturesPerSecond,
        RevocationFigure firstRevocation,
        RevocationFigure revocation,
        List<AdmissionFigure> admission) {
    public TokensReport {
        tokens = List.copyOf(tokens);
        admission = List.copyOf(admission);
    }
}
