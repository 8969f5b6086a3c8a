package dev.postern.audit.root;

import dev.postern.audit.canonical.CanonicalJson;
import dev.postern.audit.canonical.NotCanonical;
import dev.postern.audit.envelope.EventEnvelope;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.IsoFields;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// One leaf of the root log, in the clear: canonical JSON with a `type`, a `time` and what is listed here.
///
/// The root log is public for ever. Entries name shards, days, keys and holds, and nothing and nobody else.
public sealed interface RootEntry {
    /// The name that the root log has in place of a shard's.
    String LOG = "root";

    /// The most shards and days that one hold can name.
    int MOST_HELD = 64;

    /// When it was written, to the millisecond.
    Instant time();

    /// A shard began.
    ///
    /// @param vkey what its checkpoints are verified with, C2SP text form
    record ShardOpened(Instant time, String shard, String vkey) implements RootEntry {
        public ShardOpened {
            requireShard(shard);
        }
    }

    /// A shard ended: nothing follows in it.
    ///
    /// @param checkpoint its last, with its signature
    record ShardClosed(Instant time, String shard, String checkpoint) implements RootEntry {
        public ShardClosed {
            requireShard(shard);
        }
    }

    /// A shard is deleted as a whole, after this entry.
    record ShardDeleted(Instant time, String shard) implements RootEntry {
        public ShardDeleted {
            requireShard(shard);
        }
    }

    /// The keys of a day's events are destroyed, after this entry.
    ///
    /// @param day for example `2026-11-26`
    record EpochDestroyed(Instant time, String day) implements RootEntry {
        public EpochDestroyed {
            requireDay(day);
        }
    }

    /// Shards and days are to be kept until the hold is released.
    ///
    /// @param hold its name: a number of a case, nothing personal
    /// @param held shards (`2026w48`) and days (`2026-11-26`)
    record HoldPlaced(Instant time, String hold, Set<String> held) implements RootEntry {
        public HoldPlaced {
            requireHold(hold);
            held = Set.copyOf(held);
            if (held.isEmpty() || held.size() > MOST_HELD) {
                throw new IllegalArgumentException("a hold names 1 to " + MOST_HELD + " shards and days");
            }
            held.forEach(one -> {
                if (!isShard(one)) {
                    requireDay(one);
                }
            });
        }
    }

    /// A hold ended.
    record HoldReleased(Instant time, String hold) implements RootEntry {
        public HoldReleased {
            requireHold(hold);
        }
    }

    /// A week, for example `2026w48`.
    static boolean isShard(String text) {
        return Form.SHARD.matcher(text).matches();
    }

    /// The Monday with which a shard's week begins; of the 53rd week of a year that has none, the one after its last.
    static LocalDate firstDay(String shard) {
        requireShard(shard);
        return LocalDate.of(Integer.parseInt(shard.substring(0, 4)), 1, 4)
                .with(DayOfWeek.MONDAY)
                .plusWeeks(Integer.parseInt(shard.substring(5)) - 1L);
    }

    /// The shard that is named for a day.
    static String shardOf(LocalDate day) {
        return "%04dw%02d".formatted(day.get(IsoFields.WEEK_BASED_YEAR), day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
    }

    /// A name of a hold: at most 64 small letters, digits and dashes.
    static boolean isHold(String text) {
        return Form.HOLD.matcher(text).matches();
    }

    private static void requireShard(String shard) {
        if (!isShard(shard)) {
            throw new IllegalArgumentException("a shard is named like 2026w48");
        }
    }

    private static void requireDay(String day) {
        if (!Form.DAY.matcher(day).matches() || !LocalDate.parse(day).toString().equals(day)) {
            throw new IllegalArgumentException("a day is written like 2026-11-26");
        }
    }

    private static void requireHold(String hold) {
        if (!isHold(hold)) {
            throw new IllegalArgumentException("a hold is named by small letters, digits and dashes");
        }
    }

    /// What stands in the log.
    default byte[] bytes() {
        Map<String, Object> fields = new HashMap<>();
        fields.put("time", EventEnvelope.timestamp(time()));
        fields.put("type", type());
        switch (this) {
            case ShardOpened opened -> {
                fields.put("shard", opened.shard());
                fields.put("vkey", opened.vkey());
            }
            case ShardClosed closed -> {
                fields.put("shard", closed.shard());
                fields.put("checkpoint", closed.checkpoint());
            }
            case ShardDeleted deleted -> fields.put("shard", deleted.shard());
            case EpochDestroyed destroyed -> fields.put("day", destroyed.day());
            case HoldPlaced placed -> {
                fields.put("hold", placed.hold());
                fields.put("held", List.copyOf(new TreeSet<>(placed.held())));
            }
            case HoldReleased released -> fields.put("hold", released.hold());
        }
        try {
            return CanonicalJson.bytes(fields);
        } catch (NotCanonical e) {
            throw new IllegalArgumentException("an entry of texts has a canonical form", e);
        }
    }

    private String type() {
        return switch (this) {
            case ShardOpened _ -> "shard-opened";
            case ShardClosed _ -> "shard-closed";
            case ShardDeleted _ -> "shard-deleted";
            case EpochDestroyed _ -> "epoch-destroyed";
            case HoldPlaced _ -> "hold-placed";
            case HoldReleased _ -> "hold-released";
        };
    }

    /// Reads exactly what [#bytes] writes; empty for anything else, and for what a later release adds.
    static Optional<RootEntry> parse(byte[] leaf) {
        return RootEntryParser.parse(leaf);
    }

    /// How names are written.
    final class Form {
        private static final Pattern SHARD = Pattern.compile("[0-9]{4}w[0-5][0-9]");
        private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
        private static final Pattern HOLD = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

        private Form() {}
    }
}
