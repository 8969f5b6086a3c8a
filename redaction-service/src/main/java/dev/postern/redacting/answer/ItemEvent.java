package dev.postern.redacting.answer;

import dev.postern.redacting.json.JsonLeaf;
import dev.postern.redacting.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// One event of a responses stream. A text grows by `….delta` events and is given once more, whole, by its `….done` and
/// by those that close what it is part of.
final class ItemEvent implements StreamEvent {
    private static final String SEQUENCE = "sequence_number";
    private static final Set<String> PLACE = Set.of("item_id", "output_index", "content_index", "summary_index");
    private static final Set<String> LAST =
            Set.of("response.completed", "response.incomplete", "response.failed", "response.cancelled");

    private final JsonText json;
    private final String type;
    private final Map<String, String> place = new TreeMap<>();

    ItemEvent(JsonText json, String type) {
        this.json = json;
        this.type = type;
        for (JsonLeaf leaf : json.leaves()) {
            if (!leaf.is(JsonLeaf.Kind.NAME) && PLACE.contains(leaf.shape())) {
                place.put(leaf.shape(), json.raw(leaf));
            }
        }
    }

    @Override
    public JsonText json() {
        return json;
    }

    @Override
    public Optional<Channel> channel(JsonLeaf string) {
        boolean grows = type.endsWith(ItemChannel.GROWS) && string.shape().equals("delta");
        return grows ? Optional.of(new ItemChannel(stem(ItemChannel.GROWS), Map.copyOf(place))) : Optional.empty();
    }

    @Override
    public boolean ends(Channel channel) {
        if (!(channel instanceof ItemChannel(String growing, Map<String, String> where))) {
            return false;
        }
        String output = place.get("output_index");
        boolean item =
                type.equals("response.output_item.done") && output != null && output.equals(where.get("output_index"));
        return item || LAST.contains(type) || (type.equals(growing + ".done") && where.equals(place));
    }

    @Override
    public List<byte[]> carrying(Map<Channel, String> rests, int inserted) {
        List<byte[]> events = new ArrayList<>();
        rests.forEach((channel, rest) -> {
            if (channel instanceof ItemChannel item) {
                long sequence = sequence() + inserted + events.size();
                events.add(item.eventWith(rest, sequence).getBytes(StandardCharsets.UTF_8));
            }
        });
        return events;
    }

    @Override
    public Map<JsonLeaf, String> renumbered(int inserted) {
        return inserted == 0
                ? Map.of()
                : json.find(JsonLeaf.Kind.NUMBER, SEQUENCE)
                        .map(leaf -> Map.of(leaf, Long.toString(sequence() + inserted)))
                        .orElse(Map.of());
    }

    private long sequence() {
        return json.find(JsonLeaf.Kind.NUMBER, SEQUENCE)
                .map(JsonLeaf::text)
                .filter(number -> number.matches("\\d{1,15}"))
                .map(Long::parseLong)
                .orElse(0L);
    }

    private String stem(String ending) {
        return type.substring(0, type.length() - ending.length());
    }
}
