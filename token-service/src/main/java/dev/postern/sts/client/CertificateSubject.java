package dev.postern.sts.client;

import javax.security.auth.x500.X500Principal;

/// Whom a certificate must be for, exactly (RFC 8705 section 2.1.2): one of three kinds of name.
public sealed interface CertificateSubject {

    /// The whole subject, compared as RFC 2253 canonical form.
    record DistinguishedName(X500Principal name) implements CertificateSubject {
        /// Reads a distinguished name.
        ///
        /// @throws IllegalArgumentException if it is not one, or an empty one
        public static DistinguishedName of(String text) {
            X500Principal name = new X500Principal(bounded(text));
            if (name.getName().isEmpty()) {
                throw new IllegalArgumentException("a certificate's subject must be set");
            }
            return new DistinguishedName(name);
        }
    }

    /// A URI among the subject's alternative names.
    record Uri(String value) implements CertificateSubject {
        public Uri {
            value = bounded(value);
        }
    }

    /// A DNS name among the subject's alternative names, compared ignoring case; never a wildcard.
    record Dns(String value) implements CertificateSubject {
        public Dns {
            value = bounded(value);
            if (value.contains("*")) {
                throw new IllegalArgumentException("a certificate's DNS name is not a wildcard");
            }
        }
    }

    private static String bounded(String text) {
        if (text.isBlank() || text.length() > 512) {
            throw new IllegalArgumentException("a certificate's subject must be set and at most 512 characters long");
        }
        return text;
    }
}
