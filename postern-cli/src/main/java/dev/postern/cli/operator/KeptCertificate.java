package dev.postern.cli.operator;

import dev.postern.cli.home.PrivateFiles;
import dev.postern.cli.home.TlsFiles;
import dev.postern.identity.CertificatePem;
import dev.postern.identity.IdentityDocument;
import dev.postern.identity.WorkloadIdentity;
import java.nio.file.Path;

/// A live identity in a file, for a program that can only read one: certificate and key together in PEM form (0600),
/// replaced in one step, so that no reader meets a certificate with another one's key.
///
/// Non-guarantee: what the reader does with it. It has to read the file again, at half of the certificate's life.
public final class KeptCertificate {
    private final Path file;
    private final WorkloadIdentity identity;

    private KeptCertificate(Path file, WorkloadIdentity identity) {
        this.file = file;
        this.identity = identity;
    }

    /// Writes the certificate in force, and from then on each that follows it.
    public static void in(Path file, WorkloadIdentity identity) {
        KeptCertificate kept = new KeptCertificate(file, identity);
        identity.onChange(_ -> kept.write());
        kept.write();
    }

    /// The one in force at that moment, so that none overtakes its successor.
    private synchronized void write() {
        IdentityDocument document = identity.current();
        PrivateFiles.write(
                file, String.join("", CertificatePem.encode(document.chain())) + TlsFiles.pem(document.privateKey()));
    }
}
