package dev.postern.cli.audit.archive;

import dev.postern.audit.canonical.CanonicalJson;
import dev.postern.audit.canonical.NotCanonical;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;

/// The words of an archive: JSON Lines, each line canonical JSON (RFC 8785).
///
/// ```
/// first  {"postern_audit_archive":1, "created":…, "ocsf":"1.8.0", "filter":{…},
///         "logs":[{"origin":…, "vkey":…, "checkpoint":…}, …]}
/// each   {"event":{…}, "ocsf":{…}, "origin":…, "index":…, "leaf":…, "leaf_key":…, "proof":[…]}
/// last   {"events":N, "sha256":…}
/// ```
///
/// `event` is the CloudEvents envelope that the leaf holds, `ocsf` its rendering, `leaf`, `leaf_key` and `proof` are
/// base64, `sha256` is over all octets before the last line. Entries of one log come newest first.
final class ArchiveFormat {
    static final String VERSION = "postern_audit_archive";
    static final long VERSION_1 = 1;
    static final String CREATED = "created";
    static final String OCSF = "ocsf";
    static final String FILTER = "filter";
    static final String LOGS = "logs";
    static final String ORIGIN = "origin";
    static final String VKEY = "vkey";
    static final String CHECKPOINT = "checkpoint";
    static final String EVENT = "event";
    static final String INDEX = "index";
    static final String LEAF = "leaf";
    static final String LEAF_KEY = "leaf_key";
    static final String PROOF = "proof";
    static final String EVENTS = "events";
    static final String SHA256 = "sha256";

    private ArchiveFormat() {}

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    static byte[] line(Map<String, ?> object) {
        try {
            return CanonicalJson.bytes(object);
        } catch (NotCanonical e) {
            throw new IllegalStateException("what is archived is canonical", e);
        }
    }
}
