package dev.postern.redacting.answer;

import dev.postern.redacting.json.JsonLeaf;
import dev.postern.redacting.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One event of a chat or completions stream.
final class ChoicesEvent implements StreamEvent {
    private static final String CHOICE = "choices[].";
    private static final List<String> HEAD = List.of("id", "object", "created", "model", "system_fingerprint");
    private static final Set<String> GRAMMAR = Set.of("role", "id", "type", "name", "finish_reason");

    private final JsonText json;
    private final Map<Place, String> numbers = new HashMap<>();
    private final Set<String> ended = new HashSet<>();

    private record Place(String shape, List<Integer> positions) {}

    ChoicesEvent(JsonText json) {
        this.json = json;
        for (JsonLeaf leaf : json.leaves()) {
            if (leaf.is(JsonLeaf.Kind.NUMBER)) {
                numbers.put(new Place(leaf.shape(), leaf.positions()), leaf.text());
            }
        }
        for (JsonLeaf leaf : json.leaves()) {
            if (leaf.is(JsonLeaf.Kind.STRING) && leaf.shape().equals(CHOICE + "finish_reason")) {
                ended.add(index("choices[]", leaf.positions(), 1));
            }
        }
    }

    @Override
    public JsonText json() {
        return json;
    }

    @Override
    public boolean ends(Channel channel) {
        return channel instanceof ChoiceChannel(String choice, String _, List<String> _) && ended.contains(choice);
    }

    @Override
    public Optional<Channel> channel(JsonLeaf string) {
        String shape = string.shape();
        boolean grows = shape.startsWith(CHOICE + "delta.") || shape.equals(CHOICE + "text");
        if (!grows || shape.indexOf('?') >= 0 || GRAMMAR.contains(string.key()) || !AnswerFields.written(string)) {
            return Optional.empty();
        }
        List<String> indexes = new ArrayList<>();
        int array = 0;
        for (int at = shape.indexOf("[]"); at >= 0; at = shape.indexOf("[]", at + 2)) {
            indexes.add(index(shape.substring(0, at + 2), string.positions(), ++array));
        }
        return Optional.of(new ChoiceChannel(
                indexes.getFirst(), shape.substring(CHOICE.length()), List.copyOf(indexes.subList(1, indexes.size()))));
    }

    @Override
    public List<byte[]> carrying(Map<Channel, String> rests, int inserted) {
        List<String> choices = new ArrayList<>();
        rests.forEach((channel, rest) -> {
            if (channel instanceof ChoiceChannel choice) {
                choices.add(choice.choiceWith(rest));
            }
        });
        return choices.isEmpty() ? List.of() : List.of(like(choices));
    }

    @Override
    public Map<JsonLeaf, String> renumbered(int inserted) {
        return Map.of();
    }

    private byte[] like(List<String> choices) {
        StringBuilder event = new StringBuilder("{");
        for (String name : HEAD) {
            json.leaves().stream()
                    .filter(leaf -> leaf.shape().equals(name) && !leaf.is(JsonLeaf.Kind.NAME))
                    .findFirst()
                    .ifPresent(leaf -> event.append('"')
                            .append(name)
                            .append("\":")
                            .append(json.raw(leaf))
                            .append(','));
        }
        return event.append("\"choices\":[")
                .append(String.join(",", choices))
                .append("]}")
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    /// The `index` member of an array's element, or its position when it has none.
    private String index(String array, List<Integer> positions, int depth) {
        List<Integer> place = positions.subList(0, depth);
        String index = numbers.get(new Place(array + ".index", place));
        return index != null && index.matches("\\d{1,9}") ? index : Integer.toString(place.getLast());
    }
}
