package dev.postern.cli;

import dev.postern.cli.audit.ServedAddress;
import dev.postern.cli.connect.ListenAddress;
import dev.postern.cli.operator.PemIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Whom to trust for the address of a log: the named authority, else this platform's for this machine, else the JDK's.
final class LogTrust {
    private LogTrust() {}

    static SSLContext of(String url, @Nullable Path ca, Surroundings surroundings) {
        if (ca != null) {
            return PemIdentity.trusting(ca);
        }
        Path own = surroundings.settings().home().caCertificate();
        if (ListenAddress.isLoopback(ServedAddress.parse(url).root().getHost()) && Files.exists(own)) {
            return PemIdentity.trusting(own);
        }
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has a default trust store", e);
        }
    }
}
