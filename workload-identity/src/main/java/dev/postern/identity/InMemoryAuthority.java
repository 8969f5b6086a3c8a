package dev.postern.identity;

import java.math.BigInteger;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A certificate authority whose P-256 key is in this process' memory: for tests, for the first start, and as the
/// issuing core of the platform CA, which keeps the key wrapped at rest.
///
/// Guarantees: a certificate holds the granted names and no others; a request that asks for more is refused;
/// serials are 128 random bits. Not guaranteed: persistence, revocation, and any decision about who is granted
/// what.
public final class InMemoryAuthority implements CertificateAuthority {
    private static final String ALGORITHM = "SHA256withECDSA";
    private static final int SERIAL_BITS = 127;
    private static final Duration MOST_BACKDATING = Duration.ofSeconds(30);
    /// Names that every certificate of the local profile carries.
    public static final List<String> LOCAL_HOSTS = List.of("localhost", "127.0.0.1");

    /// What a request is granted.
    ///
    /// @param hosts DNS names and IPv4 literals
    /// @param lifetime whole seconds, at least one
    public record Grant(URI spiffeId, List<String> hosts, Duration lifetime) {
        public Grant {
            hosts = List.copyOf(hosts);
            if (lifetime.compareTo(Duration.ofSeconds(1)) < 0) {
                throw new IllegalArgumentException("a certificate lives at least one second");
            }
        }

        /// Parses a request that asks for nothing more than this.
        ///
        /// @throws SigningRequest.Refused if it is broken or does
        public SigningRequest check(byte[] csrDer) throws SigningRequest.Refused {
            SigningRequest request = SigningRequest.parse(csrDer);
            for (SubjectName asked : request.names()) {
                if (!covers(asked)) {
                    throw new SigningRequest.Refused("The certificate request names more than it is granted.");
                }
            }
            return request;
        }

        private boolean covers(SubjectName asked) {
            return switch (asked.kind()) {
                case URI -> asked.value().equals(spiffeId.toString());
                case DNS, IP -> hosts.contains(asked.value());
                case COMMON_NAME, OTHER -> false;
            };
        }
    }

    private final PrivateKey key;
    private final X509Certificate certificate;
    private final Clock clock;
    private final SecureRandom random;

    private InMemoryAuthority(PrivateKey key, X509Certificate certificate, Clock clock, SecureRandom random) {
        this.key = key;
        this.certificate = certificate;
        this.clock = clock;
        this.random = random;
    }

    /// A new authority with a new key, self-signed, living `lifetime` from now.
    public static InMemoryAuthority create(String name, Duration lifetime, Clock clock, SecureRandom random) {
        return fresh(P256.generate(random), name, lifetime, clock, random);
    }

    /// As [#create(String,Duration,Clock,SecureRandom)], and hands out the key pair for wrapping: the caller's duty
    /// from then on.
    public static InMemoryAuthority fresh(
            KeyPair keys, String name, Duration lifetime, Clock clock, SecureRandom random) {
        X500Name subject = new X500Name("CN=" + name + ",O=Postern");
        Instant start = clock.instant().truncatedTo(ChronoUnit.SECONDS).minus(MOST_BACKDATING);
        try {
            JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    subject,
                    serial(random),
                    Date.from(start),
                    Date.from(start.plus(lifetime)),
                    subject,
                    keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                    .addExtension(
                            Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(keys.getPublic()));
            return new InMemoryAuthority(keys.getPrivate(), sign(builder, keys.getPrivate()), clock, random);
        } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
            throw new IllegalStateException("a P-256 key can sign its own certificate", e);
        }
    }

    /// An existing authority.
    public static InMemoryAuthority holding(
            PrivateKey key, X509Certificate certificate, Clock clock, SecureRandom random) {
        return new InMemoryAuthority(key, certificate, clock, random);
    }

    @Override
    public X509Certificate certificate() {
        return certificate;
    }

    @Override
    public IssuedChain issue(byte[] csrDer, Grant grant) throws SigningRequest.Refused {
        return new IssuedChain(List.of(certify(grant.check(csrDer), grant)), List.of(certificate));
    }

    /// An identity with the local host names and a day to live, such as tests want:
    /// `identityOf(domain.idOf("token-service"))`.
    public WorkloadIdentity identityOf(URI spiffeId) {
        Grant grant = new Grant(spiffeId, LOCAL_HOSTS, Duration.ofHours(24));
        return WorkloadIdentity.issuedBy(issuerFor(grant), spiffeId, LOCAL_HOSTS, clock, random);
    }

    private X509Certificate certify(SigningRequest request, Grant grant) {
        // Backdating meets slow clocks, but must not eat up the half life of certificates that live for seconds.
        Duration tenth = grant.lifetime().dividedBy(10);
        Duration backdating = tenth.compareTo(MOST_BACKDATING) < 0 ? tenth : MOST_BACKDATING;
        Instant now = clock.instant();
        Instant notAfter =
                earlier(now.plus(grant.lifetime()), certificate.getNotAfter().toInstant());
        GeneralName[] names = Stream.concat(
                        Stream.of(new SubjectName(
                                SubjectName.Kind.URI, grant.spiffeId().toString())),
                        grant.hosts().stream().map(SubjectName::host))
                .map(SubjectName::toGeneralName)
                .toArray(GeneralName[]::new);
        try {
            JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()),
                    serial(random),
                    Date.from(now.minus(backdating)),
                    Date.from(notAfter),
                    new X500Name(new RDN[0]),
                    request.publicKey());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                        KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                    }))
                    // Critical, because the subject is empty (RFC 5280 section 4.2.1.6).
                    .addExtension(Extension.subjectAlternativeName, true, new GeneralNames(names))
                    .addExtension(
                            Extension.authorityKeyIdentifier,
                            false,
                            ids.createAuthorityKeyIdentifier(certificate.getPublicKey()));
            return sign(builder, key);
        } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
            throw new IllegalStateException("a verified request can be certified", e);
        }
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
            throws OperatorCreationException, GeneralSecurityException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(ALGORITHM).build(key)));
    }

    private static BigInteger serial(SecureRandom random) {
        return new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
