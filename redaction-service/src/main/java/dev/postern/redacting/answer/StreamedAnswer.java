package dev.postern.redacting.answer;

import dev.postern.redacting.json.JsonLeaf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The events of one stream. Every growing text is restored for itself; a string that does not grow is restored whole.
///
/// Guarantee: each event is answered by itself, changed or not; before the event that ends a choice, or at the end of
/// the stream, what was held of it goes out, in that event or in one of its own that copies id, model and the rest.
public final class StreamedAnswer implements AnswerRestorer {
    private static final int MOST_CHANNELS = 1024;

    private final AnswerSettings settings;
    private final Map<Channel, RestoringText> channels = new LinkedHashMap<>();
    private Restored restored = new Restored(0, 0);
    private @Nullable StreamEvent last;

    public StreamedAnswer(AnswerSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<byte[]> accept(byte[] data) throws AnswerRefused {
        if (data.length == 0) {
            return List.of();
        }
        StreamEvent event = StreamEvent.parse(data);
        Map<JsonLeaf, String> replaced = new HashMap<>();
        Map<Channel, JsonLeaf> continued = new HashMap<>();
        for (JsonLeaf leaf : event.json().leaves()) {
            if (leaf.is(JsonLeaf.Kind.STRING)) {
                restore(event, leaf, replaced, continued);
            }
        }
        List<byte[]> out = new ArrayList<>(1);
        if (event.endsSome()) {
            endChoices(event, replaced, continued, out);
        }
        last = event;
        out.add(event.json().with(replaced));
        return out;
    }

    @Override
    public List<byte[]> finish() {
        List<String> choices = new ArrayList<>();
        channels.forEach((channel, text) -> {
            String rest = text.finish();
            if (!rest.isEmpty()) {
                choices.add(channel.choiceWith(rest));
            }
            restored = restored.plus(text.unresolved());
        });
        channels.clear();
        StreamEvent example = last;
        return example == null || choices.isEmpty() ? List.of() : List.of(example.like(choices));
    }

    @Override
    public Restored restored() {
        return restored;
    }

    private void restore(
            StreamEvent event, JsonLeaf leaf, Map<JsonLeaf, String> replaced, Map<Channel, JsonLeaf> continued)
            throws AnswerRefused {
        Channel channel = event.channel(leaf).orElse(null);
        String after;
        if (channel == null) {
            RestoringText whole = settings.text(leaf.shape());
            after = whole.accept(leaf.text()) + whole.finish();
        } else {
            if (channels.size() >= MOST_CHANNELS && !channels.containsKey(channel)) {
                throw new AnswerRefused();
            }
            after = channels.computeIfAbsent(channel, _ -> settings.text(leaf.shape()))
                    .accept(leaf.text());
            continued.put(channel, leaf);
        }
        if (!after.equals(leaf.text())) {
            replaced.put(leaf, after);
        }
    }

    private void endChoices(
            StreamEvent event, Map<JsonLeaf, String> replaced, Map<Channel, JsonLeaf> continued, List<byte[]> out) {
        List<String> own = new ArrayList<>();
        Iterator<Map.Entry<Channel, RestoringText>> open = channels.entrySet().iterator();
        while (open.hasNext()) {
            Map.Entry<Channel, RestoringText> entry = open.next();
            Channel channel = entry.getKey();
            if (!event.ends(channel.choice())) {
                continue;
            }
            open.remove();
            String rest = entry.getValue().finish();
            restored = restored.plus(entry.getValue().unresolved());
            JsonLeaf leaf = continued.get(channel);
            if (leaf != null && !rest.isEmpty()) {
                replaced.put(leaf, replaced.getOrDefault(leaf, leaf.text()) + rest);
            } else if (!rest.isEmpty()) {
                own.add(channel.choiceWith(rest));
            }
        }
        if (!own.isEmpty()) {
            out.add(event.like(own));
        }
    }
}
