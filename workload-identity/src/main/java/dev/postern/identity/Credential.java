package dev.postern.identity;

import java.nio.file.Path;

/// What a workload without a certificate proves itself with.
public sealed interface Credential {
    /// The file that it is read from, at each use.
    Path file();

    /// A token that is good once; its file is deleted after use.
    record JoinToken(Path file) implements Credential {}

    /// A projected token of the workload's Kubernetes service account, for the authority's audience. The kubelet keeps
    /// the file fresh, so a workload that lost its certificate joins again by itself.
    record ServiceAccount(Path file) implements Credential {}
}
