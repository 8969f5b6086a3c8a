package dev.postern.sts.client;

import java.util.Set;
import java.util.regex.Pattern;

/// How a client proves that it is itself. A client has one way.
public sealed interface Proof {

    /// By an assertion signed with one of these keys (`private_key_jwt`, RFC 7523).
    record SignedAssertion(ClientKeys keys) implements Proof {}

    /// By the mTLS identity of the service that has the client's name (a SPIFFE id of this platform).
    record WorkloadCertificate() implements Proof {}

    /// By a certificate that a registered authority issued to this subject (`tls_client_auth`, RFC 8705 section 2.1).
    record PkiCertificate(CertificateSubject subject, RegisteredAuthority authority) implements Proof {}

    /// By a certificate of its own making, known by its thumbprint (`self_signed_tls_client_auth`, RFC 8705 section
    /// 2.2). Two at a time let it rotate.
    ///
    /// @param thumbprints one to four RFC 8705 `x5t#S256` values
    record SelfSignedCertificate(Set<String> thumbprints) implements Proof {
        private static final int MAX_THUMBPRINTS = 4;
        private static final Pattern THUMBPRINT = Pattern.compile("[A-Za-z0-9_-]{43}");

        public SelfSignedCertificate {
            thumbprints = Set.copyOf(thumbprints);
            if (thumbprints.isEmpty()
                    || thumbprints.size() > MAX_THUMBPRINTS
                    || !thumbprints.stream().allMatch(THUMBPRINT.asMatchPredicate())) {
                throw new IllegalArgumentException("a client's certificate has one to four x5t#S256 thumbprints");
            }
        }
    }

    /// By a password (`client_secret_basic`): for a developer's machine only, and refused unless
    /// `postern.sts.local-secrets` is on.
    ///
    /// @param hash bcrypt; the secret itself is nowhere
    record Secret(String hash) implements Proof {
        private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$[0-9]{2}\\$[./A-Za-z0-9]{53}");

        public Secret {
            if (!BCRYPT.matcher(hash).matches()) {
                throw new IllegalArgumentException("a client's secret is registered as its bcrypt hash");
            }
        }

        @Override
        public String toString() {
            return "Secret[hidden]";
        }
    }

    /// The name of the method in documents and metadata.
    default String method() {
        return switch (this) {
            case SignedAssertion _ -> "private_key_jwt";
            case WorkloadCertificate _ -> "workload";
            case PkiCertificate _ -> "tls_client_auth";
            case SelfSignedCertificate _ -> "self_signed_tls_client_auth";
            case Secret _ -> "client_secret_basic";
        };
    }
}
