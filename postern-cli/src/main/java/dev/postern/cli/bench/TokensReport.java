package dev.postern.cli.bench;

import java.util.List;

/// Everything that one run of `bench tokens` found.
///
/// @param signaturesPerSecond ES256 signatures by one core, the JDK alone
public record TokensReport(
        List<TokenFigure> tokens,
        double signaturesPerSecond,
        RevocationFigure revocation,
        List<AdmissionFigure> admission) {
    public TokensReport {
        tokens = List.copyOf(tokens);
        admission = List.copyOf(admission);
    }
}
