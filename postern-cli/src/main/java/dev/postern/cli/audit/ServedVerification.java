package dev.postern.cli.audit;

import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import dev.postern.tlog.LeafVisitor;
import dev.postern.tlog.LogVerifier;
import dev.postern.tlog.PriorKnowledge;
import dev.postern.tlog.ShardKey;
import dev.postern.tlog.note.NoteVerifier;
import dev.postern.tlog.store.LogReader;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/// Verifies logs that a server shows, from what it shows to anybody.
///
/// Guarantee: as [LogVerifier], and where all logs of a server are meant, as [RootAgreement]. Without a pinned key the
/// server is trusted for the key, and without a pinned key or an earlier checkpoint of it, a whole log that the server
/// does not name is missed only if the root log knows it.
public final class ServedVerification implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MOST_LOGS = 10_000;
    private static final int INDEX = 1 << 20;
    private static final int KEY = 1 << 10;
    static final Pattern ORIGIN = Pattern.compile("[A-Za-z0-9.:-]+(/[A-Za-z0-9][A-Za-z0-9._-]*)+");

    private final ServedAddress address;
    private final HttpClient client;
    private final ServedFiles files;
    private final PriorKnowledge prior;

    /// @param address as [ServedAddress]
    /// @throws Failure when it is none
    public ServedVerification(String address, SSLContext tls, PriorKnowledge prior) {
        this(address, tls, prior, PATIENCE);
    }

    ServedVerification(String address, SSLContext tls, PriorKnowledge prior, Duration patience) {
        this.address = ServedAddress.parse(address);
        this.client = HttpClient.newBuilder()
                .sslContext(tls)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(patience)
                .build();
        this.files = new ServedFiles(client, this.address.root(), patience);
        this.prior = prior;
    }

    public static boolean isUrl(String text) {
        return ServedAddress.isUrl(text);
    }

    /// All logs that are meant, ordered by origin; those known of and not shown are at fault.
    public List<AuditVerification.Shard> run(LeafVisitor leaves) throws InterruptedException {
        if (address.bare()) {
            return List.of(bare(leaves));
        }
        if (address.origin().isPresent()) {
            expectKnown(address.origin().get());
            return List.of(shard(address.origin().get(), leaves));
        }
        RootAgreement root = rootLog();
        Set<String> origins = index();
        List<AuditVerification.Shard> shards = new ArrayList<>();
        for (String origin : origins) {
            shards.add(shard(origin, leaves));
        }
        Set<String> known = prior.origins();
        known.removeAll(origins);
        for (String origin : known) {
            shards.add(
                    AuditVerification.Shard.fault(origin, "log/", "a log that is known of is not named by the server"));
        }
        if (shards.isEmpty()) {
            throw new Failure("There is no audit log at " + address.root() + ".");
        }
        try {
            return root.judge(shards);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private RootAgreement rootLog() throws InterruptedException {
        try {
            return RootAgreement.before(
                    new RootAgreement.Place() {
                        @Override
                        public Optional<byte[]> key(String name) {
                            return files.read("vkeys/" + name + ".vkey", KEY);
                        }

                        @Override
                        public LogReader log(String origin) {
                            return new LookAhead(files.below("log/" + origin));
                        }
                    },
                    prior);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private AuditVerification.Shard bare(LeafVisitor leaves) throws InterruptedException {
        if (prior.keys().size() != 1) {
            throw new Failure(ExitCode.USAGE, "Say with --vkey whose key signs the log at " + address.root() + ".");
        }
        NoteVerifier key = prior.keys().values().iterator().next();
        expectKnown(key.name());
        return verified(files, key, leaves);
    }

    /// Whoever brings something along, and names one log, means that log.
    private void expectKnown(String origin) {
        if (!prior.keys().isEmpty() && !prior.keys().containsKey(origin)) {
            throw new Failure(ExitCode.USAGE, "No --vkey is of " + origin + ".");
        }
        if (!prior.second().isEmpty() && !prior.second().containsKey(origin)) {
            throw new Failure(ExitCode.USAGE, "No ML-DSA-44 --vkey is of " + origin + ".");
        }
        if (!prior.checkpoints().isEmpty() && !prior.checkpoints().containsKey(origin)) {
            throw new Failure(ExitCode.USAGE, "No checkpoint of --since is of " + origin + ".");
        }
    }

    private AuditVerification.Shard shard(String origin, LeafVisitor leaves) throws InterruptedException {
        String file = origin.substring(origin.lastIndexOf('/') + 1) + ".vkey";
        ShardKey key = ShardKey.choose(origin, files.read("vkeys/" + file, KEY), prior);
        return key.verifier().isPresent()
                ? verified(files.below("log/" + origin), key.verifier().get(), leaves)
                : AuditVerification.Shard.fault(origin, file, key.fault());
    }

    private AuditVerification.Shard verified(ServedFiles log, NoteVerifier key, LeafVisitor leaves)
            throws InterruptedException {
        try {
            CosignedLog cosigned = CosignedLog.of(new LookAhead(log), prior);
            return new AuditVerification.Shard(key.name(), LogVerifier.verifyServed(cosigned, key, prior, leaves));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private Failure unreadable(IOException e) {
        return new Failure("The logs at " + address.root() + " cannot be read.", e);
    }

    private Set<String> index() {
        String text = files.read("log/", INDEX)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElseThrow(() -> new Failure(address.root() + "log/ names no logs: give the address of one."));
        Set<String> origins = new TreeSet<>(text.lines().toList());
        if (origins.size() > MOST_LOGS
                || !origins.stream().allMatch(origin -> ORIGIN.matcher(origin).matches())) {
            throw new Failure(address.root() + "log/ does not name logs, one a line.");
        }
        return origins;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
