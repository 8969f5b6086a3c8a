package dev.postern.cli.demo;

import dev.postern.cli.audit.AuditVerification;
import dev.postern.tlog.Inconsistency;
import dev.postern.tlog.store.LogStorage;
import dev.postern.tlog.tile.Tile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Flips one bit of a copy of the log, again and again: somewhere in a bundle of entries, in a tile of hashes, in a
/// checkpoint. The verifier must name the file each time, and the entries it holds.
final class AuditTamperCheck implements DemoCheck {
    private static final int ROUNDS = 3;

    @Override
    public String id() {
        return "audit-tamper-detected";
    }

    @Override
    public String run(DemoWorld world) throws CheckFailed, InterruptedException {
        try (LogCopy copy = LogCopy.of(world.home().auditLog())) {
            return run(copy, world.random());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String run(LogCopy copy, RandomGenerator random) throws CheckFailed, IOException, InterruptedException {
        for (AuditVerification.Shard shard : new AuditVerification(copy.root()).run()) {
            CheckFailed.unless(shard.report().sound(), "the log " + shard.origin() + " is not sound as it is");
        }
        List<Target> bundles = new ArrayList<>();
        List<Target> tiles = new ArrayList<>();
        List<Target> checkpoints = new ArrayList<>();
        for (String origin : copy.origins()) {
            checkpoints.add(new Target(origin, LogStorage.CHECKPOINT, -1, 0));
            for (Tile tile : copy.tiles(origin)) {
                (tile.isEntries() ? bundles : tiles).add(Target.of(origin, tile));
            }
        }
        String last = "";
        int found = 0;
        for (int round = 0; round < ROUNDS; round++) {
            for (List<Target> kind : List.of(checkpoints, tiles, bundles)) {
                last = flip(copy, kind.get(random.nextInt(kind.size())), random);
                found++;
            }
        }
        return found + " flipped bits in bundles, tiles and checkpoints, each found and its file named; the last: "
                + last;
    }

    /// @param first of the entries that it holds; -1 for a checkpoint, which holds none in particular
    private record Target(String origin, String path, long first, long entries) {
        static Target of(String origin, Tile tile) {
            int bits = 8 * Math.max(tile.level(), 0);
            return new Target(origin, tile.path(), (tile.index() * Tile.FULL) << bits, (long) tile.width() << bits);
        }

        boolean isNamedBy(Inconsistency found) {
            return found.path().equals(path)
                    && (first < 0 || (found.index() >= first && found.index() < first + entries));
        }
    }

    private static String flip(LogCopy copy, Target target, RandomGenerator random)
            throws CheckFailed, IOException, InterruptedException {
        Path file = copy.log().resolve(target.origin()).resolve(target.path());
        byte[] good = Files.readAllBytes(file);
        byte[] altered = good.clone();
        int at = random.nextInt(altered.length);
        altered[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        Files.write(file, altered);
        Inconsistency found = new AuditVerification(copy.root())
                .run().stream()
                        .filter(shard -> shard.origin().equals(target.origin()))
                        .flatMap(shard -> shard.report().inconsistency().stream())
                        .findFirst()
                        .orElseThrow(() -> new CheckFailed(
                                "octet " + at + " of " + target.path() + " was altered, and nobody noticed"));
        CheckFailed.unless(
                target.isNamedBy(found),
                "octet " + at + " of " + target.path() + " was altered, and " + found.path() + ", entry "
                        + found.index() + ", was blamed");
        Files.write(file, good);
        return (found.index() < 0 ? "" : "entry " + found.index() + ", ") + found.path() + ": " + found.what();
    }
}
