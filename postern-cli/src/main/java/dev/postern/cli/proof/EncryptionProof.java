package dev.postern.cli.proof;

import dev.postern.cli.home.PosternHome;
import dev.postern.cli.proof.Store.Protection;
import dev.postern.cli.scan.DiskScan;
import dev.postern.cli.scan.Needles;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Looks at every file of a platform's home, and at Redis where it runs: whether what must be ciphertext is, whether
/// anything that was planted lies there in the clear, and whether there is a file that no [Store] accounts for.
///
/// Guarantee: a finding names the file and the offset, and quotes nothing. Non-guarantee: that ciphertext was made with
/// a good key, and what a file system or a backup kept of earlier files.
public final class EncryptionProof {
    private static final Set<PosixFilePermission> OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    /// What was seen.
    ///
    /// @param planted how many values were looked for
    /// @param unknown files that no store accounts for
    public record Result(int planted, List<StoreEvidence> stores, List<Finding> unknown) {
        public Result {
            stores = List.copyOf(stores);
            unknown = List.copyOf(unknown);
        }

        public boolean ok() {
            return unknown.isEmpty() && stores.stream().allMatch(StoreEvidence::ok);
        }
    }

    private final Path home;
    private final Needles needles;
    private final int planted;
    private final Map<Store, List<Finding>> findings = new EnumMap<>(Store.class);
    private final Map<Store, List<String>> evidence = new EnumMap<>(Store.class);
    private final Map<Store, Integer> files = new EnumMap<>(Store.class);
    private final List<Finding> unknown = new ArrayList<>();

    private EncryptionProof(PosternHome home, Collection<String> planted) {
        this.home = home.root();
        this.planted = planted.size();
        this.needles = Needles.of(planted);
    }

    /// Examines the home, and what Redis holds.
    ///
    /// @param planted values to look for
    /// @param redis everything it holds; nothing when it does not run
    public static Result of(PosternHome home, Collection<String> planted, Optional<Map<String, byte[]>> redis) {
        EncryptionProof proof = new EncryptionProof(home, planted);
        try {
            for (Path file : DiskScan.regularFiles(home.root())) {
                proof.examine(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return proof.result(redis);
    }

    private void examine(Path file) throws IOException {
        String name = home.relativize(file).toString().replace(File.separatorChar, '/');
        byte[] content = DiskScan.read(file);
        Optional<Store> known = Store.of(name);
        if (known.isEmpty()) {
            unknown.add(new Finding(name, needles.firstIn(content).orElse(0), "a file that no store accounts for"));
            return;
        }
        Store store = known.get();
        files.merge(store, 1, Integer::sum);
        needles.firstIn(content).ifPresent(at -> found(store, new Finding(name, at, "a planted value in the clear")));
        if (content.length > 0) {
            form(store, name, content);
        }
        if (store.protection() == Protection.SECRET_FILE || store.protection() == Protection.SEALED) {
            permissions(store, name, file);
        }
    }

    private void form(Store store, String name, byte[] content) {
        switch (store) {
            case REGISTRY -> {
                if (name.endsWith(".mv.db")) {
                    StoreEvidence seen = new RegistryFile(name, content).examine();
                    seen.findings().forEach(finding -> found(store, finding));
                    told(store, seen.evidence());
                }
            }
            case KEYSETS -> {
                if (name.endsWith(".json")) {
                    seen(store, name, SealedFile.keyset(content));
                }
            }
            case AUTHORITY, CHECKPOINT_KEYS -> seen(store, name, SealedFile.wrappedKey(content));
            case AUDIT_EPOCHS -> seen(store, name, SealedFile.auditEpoch(content));
            case PSEUDONYM_ROOTS, REDACTION_POLICIES -> seen(store, name, SealedFile.wrapped(content));
            case VAULT_KEYS -> seen(store, name, SealedFile.keyShelf(content));
            // The search for what was planted, the file mode and the inventory are all there is to say.
            case PASSPHRASES,
                    VAULT_CREDENTIALS,
                    LEDGER,
                    SPOOLS,
                    AUDIT_INDEX,
                    AUDIT_LOG,
                    BOOTSTRAP,
                    JOIN_TOKENS,
                    CLIENT_KEYS,
                    CA_CERTIFICATE,
                    BACKUP_KEY,
                    LOGS,
                    RUNNING,
                    REDIS -> {}
        }
    }

    private void seen(Store store, String name, SealedFile.Seen seen) {
        seen.problem().ifPresent(problem -> found(store, new Finding(name, 0, problem)));
        if (!seen.evidence().isEmpty()) {
            told(store, seen.evidence());
        }
    }

    private void permissions(Store store, String name, Path file) throws IOException {
        try {
            if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
                found(store, new Finding(name, 0, "others may read or write it"));
            }
        } catch (NoSuchFileException _) {
            // Services replace and remove files while we look.
        }
    }

    private void found(Store store, Finding finding) {
        findings.computeIfAbsent(store, _ -> new ArrayList<>()).add(finding);
    }

    private void told(Store store, String sentence) {
        evidence.computeIfAbsent(store, _ -> new ArrayList<>()).add(sentence);
    }

    private Result result(Optional<Map<String, byte[]>> redis) {
        List<StoreEvidence> stores = new ArrayList<>();
        for (Store store : Store.values()) {
            if (store == Store.REDIS) {
                stores.add(redis.map(content -> RedisContent.examine(content, needles))
                        .orElseGet(
                                () -> new StoreEvidence(store, "does not run: it keeps nothing on disk", List.of())));
            } else {
                stores.add(new StoreEvidence(store, sentence(store), findings.getOrDefault(store, List.of())));
            }
        }
        return new Result(planted, stores, unknown);
    }

    private String sentence(Store store) {
        int count = files.getOrDefault(store, 0);
        List<String> parts = new ArrayList<>(evidence.getOrDefault(store, List.of()));
        if (store.protection() == Protection.SECRET_FILE && count > 0) {
            parts.add("closed to others");
        }
        if (planted > 0 && count > 0) {
            parts.add("nothing planted");
        }
        return count + (count == 1 ? " file" : " files") + (parts.isEmpty() ? "" : ": " + String.join("; ", parts));
    }
}
