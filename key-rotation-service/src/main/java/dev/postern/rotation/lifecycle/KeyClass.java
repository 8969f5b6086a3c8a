package dev.postern.rotation.lifecycle;

import dev.postern.chassis.peer.Door;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/// What a key is for, and what follows from that whatever the configuration says. How long each step takes is in
/// [RotationPolicy].
public enum KeyClass {
    /// Signs access tokens.
    TOKEN_SIGNING("token-signing", PublicPart.P256_SIGNATURE, Custody.PROCESS, Succession.SPARE, Audience.EVERYBODY),
    /// Opens the first message of sealed sessions.
    RELAY_HPKE("relay-hpke", PublicPart.ANY, Custody.PROCESS, Succession.SPARE, Audience.EVERYBODY),
    /// Authenticates challenges and nonces that its own process hands out.
    CHALLENGE_MAC("challenge-mac", PublicPart.NONE, Custody.PROCESS, Succession.SPARE, Audience.NOBODY),
    /// Seals the session tickets of a TLS server: a generation of its TLS context.
    TLS_TICKET("tls-ticket", PublicPart.NONE, Custody.PROCESS, Succession.SPARE, Audience.NOBODY),
    /// A workload's certificate; the id is its serial number. Registered by the authority that issues it, renewed by
    /// its owner, and over with its own end.
    SERVICE_CERT("service-cert", PublicPart.NONE, Custody.LASTING, Succession.NONE, Audience.NOBODY),
    /// Makes pseudonyms of personal data.
    PSEUDONYM("pseudonym", PublicPart.NONE, Custody.LASTING, Succession.SPARE, Audience.OWNER),
    /// Encrypts fields of stored records: a generation of the data keys of a store.
    VAULT_RECORD("vault-record", PublicPart.NONE, Custody.LASTING, Succession.SPARE, Audience.OWNER),
    /// Seals the audit log of one UTC day.
    AUDIT_EPOCH("audit-epoch", PublicPart.NONE, Custody.LASTING, Succession.SPARE, Audience.OWNER),
    /// Encrypts archives of the audit log.
    ARCHIVE("archive", PublicPart.NONE, Custody.LASTING, Succession.SPARE, Audience.OWNER),
    /// Wraps the keys above; a version of a service's keys at key management, which is made when it activates.
    KMS_WRAPPING("kms-wrapping", PublicPart.NONE, Custody.LASTING, Succession.SPARE, Audience.OWNER);

    /// What its owner registers of it.
    public enum PublicPart {
        /// The public half of a P-256 key that signs ES256.
        P256_SIGNATURE,
        /// A public JWK of any kind, or nothing where it is published elsewhere.
        ANY,
        /// Nothing: there is no public half, or the certificate is it.
        NONE
    }

    /// Where the material lives.
    public enum Custody {
        /// In one process's memory: when that is silent for too long, its keys are gone and retire.
        PROCESS,
        /// Wrapped at rest, or in a certificate: a silent owner has not lost it.
        LASTING
    }

    /// What stands ready when the active key ends.
    public enum Succession {
        SPARE,
        /// Each is followed by whatever its owner registers next.
        NONE
    }

    /// Who must know a key before it is used.
    public enum Audience {
        EVERYBODY,
        /// Every replica of the service that owns it.
        OWNER,
        /// Only its own process uses it.
        NOBODY
    }

    private final String wireName;
    private final PublicPart publicPart;
    private final Custody custody;
    private final Succession succession;
    private final Audience audience;

    KeyClass(String wireName, PublicPart publicPart, Custody custody, Succession succession, Audience audience) {
        this.wireName = wireName;
        this.publicPart = publicPart;
        this.custody = custody;
        this.succession = succession;
        this.audience = audience;
    }

    public String wireName() {
        return wireName;
    }

    public PublicPart publicPart() {
        return publicPart;
    }

    public Custody custody() {
        return custody;
    }

    public Succession succession() {
        return succession;
    }

    public Audience audience() {
        return audience;
    }

    /// Whether each key is for one UTC day: replaced when that ends, and nothing holds up midnight.
    public boolean isOfTheDay() {
        return this == AUDIT_EPOCH;
    }

    /// Paths below the trust domain of the services that may register keys of this class; none where only this service
    /// itself does.
    public Set<String> owners() {
        return switch (this) {
            case TOKEN_SIGNING -> Set.of("service/token-service");
            case RELAY_HPKE -> Set.of("service/inference-relay");
            // This service owns its own without registering them over the wire.
            case CHALLENGE_MAC, TLS_TICKET -> Door.KEY_REGISTRATION.paths();
            case SERVICE_CERT -> Set.of();
            case PSEUDONYM -> Set.of("service/redaction-service");
            case VAULT_RECORD -> Set.of("service/token-service", "service/redaction-service");
            case KMS_WRAPPING -> Set.of("service/token-service", "service/redaction-service", "service/audit-service");
            case AUDIT_EPOCH, ARCHIVE -> Set.of("service/audit-service");
        };
    }

    /// Whether the directory lists keys of this class: certificates are told by their denial only.
    public boolean listed() {
        return this != SERVICE_CERT;
    }

    public static Optional<KeyClass> of(String wireName) {
        return Arrays.stream(values())
                .filter(it -> it.wireName.equals(wireName))
                .findFirst();
    }
}
