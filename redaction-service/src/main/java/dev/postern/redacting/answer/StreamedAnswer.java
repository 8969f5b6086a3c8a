package dev.postern.redacting.answer;

import dev.postern.redacting.json.JsonLeaf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The events of one stream. Every growing text stands for itself; a string that does not grow is taken whole.
///
/// Guarantee: each event is answered by itself, changed or not; before the event that ends a text, or at the end of the
/// stream, what was held of it goes out, in that event or in one of its own that copies id, model and the rest.
public final class StreamedAnswer implements AnswerRestorer {
    private static final int MOST_CHANNELS = 1024;

    private final AnswerSettings settings;
    private final Map<Channel, AnswerText> channels = new LinkedHashMap<>();
    private Restored restored = Restored.NOTHING;
    private int inserted;
    private @Nullable StreamEvent last;

    public StreamedAnswer(AnswerSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<byte[]> accept(byte[] data) throws AnswerRefused {
        if (data.length == 0) {
            return List.of();
        }
        StreamEvent event = StreamEvent.parse(data, settings.dropped());
        Map<JsonLeaf, String> replaced = new HashMap<>();
        Map<Channel, JsonLeaf> continued = new HashMap<>();
        for (JsonLeaf leaf : event.json().leaves()) {
            if (leaf.is(JsonLeaf.Kind.STRING)) {
                write(event, leaf, replaced, continued);
            }
        }
        List<byte[]> out = new ArrayList<>(1);
        Map<Channel, String> rests = endTexts(event, replaced, continued);
        if (!rests.isEmpty()) {
            out.addAll(event.carrying(rests, inserted));
            inserted += out.size();
        }
        replaced.putAll(event.renumbered(inserted));
        last = event;
        out.add(event.json().with(replaced));
        return out;
    }

    @Override
    public List<byte[]> finish() {
        Map<Channel, String> rests = new LinkedHashMap<>();
        channels.forEach((channel, text) -> end(channel, text, rests));
        channels.clear();
        StreamEvent example = last;
        // After the last event: one more than its own number.
        return example == null || rests.isEmpty() ? List.of() : example.carrying(rests, inserted + 1);
    }

    @Override
    public Restored restored() {
        return restored;
    }

    @Override
    public Map<String, Integer> removed() {
        return settings.removed();
    }

    private void write(
            StreamEvent event, JsonLeaf leaf, Map<JsonLeaf, String> replaced, Map<Channel, JsonLeaf> continued)
            throws AnswerRefused {
        Channel channel = event.channel(leaf).orElse(null);
        String after;
        if (channel == null) {
            AnswerText whole = settings.text(leaf);
            after = whole.accept(leaf.text()) + whole.finish();
        } else {
            if (channels.size() >= MOST_CHANNELS && !channels.containsKey(channel)) {
                throw new AnswerRefused();
            }
            after = channels.computeIfAbsent(channel, settings::text).accept(leaf.text());
            continued.put(channel, leaf);
        }
        if (!after.equals(leaf.text())) {
            replaced.put(leaf, after);
        }
    }

    /// What was held of the texts that end here, but for what this event carries itself.
    private Map<Channel, String> endTexts(
            StreamEvent event, Map<JsonLeaf, String> replaced, Map<Channel, JsonLeaf> continued) {
        Map<Channel, String> rests = new LinkedHashMap<>();
        Iterator<Map.Entry<Channel, AnswerText>> open = channels.entrySet().iterator();
        while (open.hasNext()) {
            Map.Entry<Channel, AnswerText> entry = open.next();
            if (event.ends(entry.getKey())) {
                open.remove();
                end(entry.getKey(), entry.getValue(), rests);
            }
        }
        continued.forEach((channel, leaf) -> {
            String rest = rests.remove(channel);
            if (rest != null) {
                replaced.put(leaf, replaced.getOrDefault(leaf, leaf.text()) + rest);
            }
        });
        return rests;
    }

    private void end(Channel channel, AnswerText text, Map<Channel, String> rests) {
        String rest = text.finish();
        restored = restored.plus(text.restored());
        if (!rest.isEmpty()) {
            rests.put(channel, rest);
        }
    }
}
