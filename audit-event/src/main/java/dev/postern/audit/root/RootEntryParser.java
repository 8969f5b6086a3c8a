package dev.postern.audit.root;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads entries of the root log. What is not, octet for octet, the canonical form of what was read is refused.
final class RootEntryParser {
    private static final JsonMapper JSON = JsonMapper.shared();

    private RootEntryParser() {}

    static Optional<RootEntry> parse(byte[] leaf) {
        try {
            return Optional.ofNullable(entry(JSON.readTree(leaf))).filter(entry -> Arrays.equals(entry.bytes(), leaf));
        } catch (JacksonException | DateTimeException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static @Nullable RootEntry entry(JsonNode fields) {
        Instant time = Instant.parse(text(fields, "time"));
        return switch (text(fields, "type")) {
            case "shard-opened" -> new RootEntry.ShardOpened(time, text(fields, "shard"), text(fields, "vkey"));
            case "shard-closed" -> new RootEntry.ShardClosed(time, text(fields, "shard"), text(fields, "checkpoint"));
            case "shard-deleted" -> new RootEntry.ShardDeleted(time, text(fields, "shard"));
            case "epoch-destroyed" -> new RootEntry.EpochDestroyed(time, text(fields, "day"));
            case "hold-placed" -> new RootEntry.HoldPlaced(time, text(fields, "hold"), texts(fields.path("held")));
            case "hold-released" -> new RootEntry.HoldReleased(time, text(fields, "hold"));
            default -> null;
        };
    }

    private static String text(JsonNode fields, String name) {
        return fields.path(name).asString("");
    }

    private static Set<String> texts(JsonNode list) {
        Set<String> texts = new HashSet<>();
        list.forEach(one -> texts.add(one.asString("")));
        return texts;
    }
}
