package dev.postern.cli.proof;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/// Everything that a platform on one machine writes, and how each is protected. docs/encryption-at-rest.md says the
/// same, and a test compares the two.
public enum Store {
    REGISTRY(
            "token-service registry",
            "data/[^/]+/registry\\.(mv|trace|lock)\\.db",
            "clients, policies, revocations, approvals",
            Protection.SEALED_FIELDS),
    KEYSETS(
            "keysets",
            "data/[^/]+/keyset\\.json(\\.lock)?",
            "the keys that wrap data keys, the CA key, checkpoint keys and pseudonym roots",
            Protection.SEALED),
    PASSPHRASES(
            "passphrases",
            "data/[^/]+/kms-passphrase|data/redis/(password|redis\\.conf)",
            "what opens the keysets, and Redis' password",
            Protection.SECRET_FILE),
    VAULT_CREDENTIALS(
            "Vault credentials",
            "data/[^/]+/vault-secret-id",
            "what a service logs in with where a Vault has the keys",
            Protection.SECRET_FILE),
    AUTHORITY(
            "platform CA",
            "data/key-rotation-service/platform-ca\\.json",
            "the CA's key beside its certificate",
            Protection.SEALED),
    CHECKPOINT_KEYS(
            "checkpoint keys",
            "data/audit-service(-2)?/audit-log-[^/]+\\.json",
            "the keys that sign checkpoints, one or two for each shard and for the root log, beside their public halves",
            Protection.SEALED),
    AUDIT_EPOCHS(
            "audit epochs",
            "data/audit-service(-2)?/audit-epoch-[^/]+\\.json",
            "the keys of each day's audit events; of a shredded day, when they were destroyed",
            Protection.SEALED),
    LEDGER(
            "key ledger",
            "data/key-rotation-service/(key-ledger|key-reports|ledger|reports)[^/]*(\\.json)?(\\.lock)?",
            "public facts of keys: ids, states, public halves",
            Protection.PUBLIC),
    PSEUDONYM_ROOTS(
            "pseudonym roots",
            "data/[^/]+/pseudonym-roots\\.json",
            "root keys of pseudonyms; the pseudonyms themselves are in memory, or sealed in Redis",
            Protection.SEALED),
    VAULT_KEYS(
            "pseudonym vault keys",
            "data/[^/]+/pseudonym-vault-keys\\.json",
            "the data keys of the pseudonym vault in Redis, each wrapped",
            Protection.SEALED),
    REDACTION_POLICIES(
            "redaction policies",
            "data/[^/]+/redaction-policies\\.json",
            "what tenants want done with their data, lists of values among it",
            Protection.SEALED),
    SPOOLS(
            "audit spools",
            "data/[^/]+/(audit|bench)-spool/.*",
            "audit events on their way: ids, codes, counts",
            Protection.IDS_ONLY),
    AUDIT_INDEX(
            "audit index",
            "data/(audit|audit-service-2/audit)/index/.*",
            "where events are, by keyed hashes of their identifiers; log positions and times in the clear",
            Protection.KEYED_HASHES),
    AUDIT_LOG(
            "audit log",
            "data/(audit|audit-service-2/audit)/.*",
            "sealed events, tiles, checkpoints, public keys",
            Protection.IDS_ONLY),
    BOOTSTRAP(
            "bootstrap clients",
            "data/[^/]+/bootstrap-clients\\.json",
            "names and public keys of the first clients",
            Protection.PUBLIC),
    JOIN_TOKENS(
            "join tokens",
            "data/[^/]+/join-token|data/key-rotation-service/join/.*",
            "one-time tokens of ten minutes, and digests of them",
            Protection.SECRET_FILE),
    CLIENT_KEYS(
            "client keys",
            "clients/.*",
            "keys of the operator, the demo client and the security team",
            Protection.SECRET_FILE),
    CA_CERTIFICATE("CA certificate", "ca\\.pem", "the certificate that everybody trusts", Protection.PUBLIC),
    BACKUP_KEY(
            "backup key",
            "backup-key\\.pub",
            "the public key that backups are sealed to; the private one is not here",
            Protection.PUBLIC),
    LOGS("logs", "logs/.*", "ids, reasons, exception frames", Protection.IDS_ONLY),
    RUNNING(
            "process records",
            "run/.*|data/redis/redis-server",
            "process ids, ports, the Redis program",
            Protection.PUBLIC),
    REDIS(
            "Redis",
            "",
            "hashes, counters, signed trust feed, ids of live sessions; sealed answers of requests, sealed pseudonyms;"
                    + " in memory only",
            Protection.IDS_AND_SEALED);

    /// How a store is protected.
    public enum Protection {
        /// Every secret or personal field is a sealed record.
        SEALED_FIELDS("sealed fields"),
        /// Ciphertext as a whole.
        SEALED("sealed"),
        /// No text of users and no secret is ever written.
        IDS_ONLY("ids only"),
        /// No value at all: what a key that is elsewhere makes of it, in one direction.
        KEYED_HASHES("keyed hashes"),
        /// No text of users; what carries text is ciphertext.
        IDS_AND_SEALED("ids, sealed answers and pseudonyms"),
        /// Nothing in it is secret.
        PUBLIC("public"),
        /// A secret in a file that only its owner may read: what a local profile has in place of a vault.
        SECRET_FILE("file mode 0600");

        private final String words;

        Protection(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    private final String title;
    private final Pattern files;
    private final String holds;
    private final Protection protection;

    Store(String title, String files, String holds, Protection protection) {
        this.title = title;
        this.files = Pattern.compile(files);
        this.holds = holds;
        this.protection = protection;
    }

    public String title() {
        return title;
    }

    public String holds() {
        return holds;
    }

    public Protection protection() {
        return protection;
    }

    /// The store that a file below the platform's home belongs to.
    ///
    /// @param file with `/` between its names
    static Optional<Store> of(String file) {
        return Arrays.stream(values())
                .filter(store -> store.files.matcher(file).matches())
                .findFirst();
    }
}
