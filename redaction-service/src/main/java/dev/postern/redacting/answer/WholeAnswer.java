package dev.postern.redacting.answer;

import dev.postern.redacting.json.JsonLeaf;
import dev.postern.redacting.json.JsonText;
import dev.postern.redacting.json.MalformedJson;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One JSON document, in one piece or several. Every string in it is redacted and restored; nothing else changes.
public final class WholeAnswer implements AnswerRestorer {
    private final AnswerSettings settings;
    private final ByteArrayOutputStream document = new ByteArrayOutputStream();
    private Restored restored = Restored.NOTHING;

    public WholeAnswer(AnswerSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<byte[]> accept(byte[] data) throws AnswerRefused {
        if (document.size() + data.length > settings.largest()) {
            throw new AnswerRefused();
        }
        document.writeBytes(data);
        return List.of();
    }

    @Override
    public List<byte[]> finish() throws AnswerRefused {
        if (document.size() == 0) {
            return List.of();
        }
        try {
            JsonText json = JsonText.parseStrings(document.toByteArray(), settings.dropped());
            Map<JsonLeaf, String> replaced = new HashMap<>();
            for (JsonLeaf leaf : json.leaves()) {
                restore(leaf, replaced);
            }
            return List.of(json.with(replaced));
        } catch (MalformedJson _) {
            throw new AnswerRefused();
        }
    }

    @Override
    public Restored restored() {
        return restored;
    }

    @Override
    public Map<String, Integer> removed() {
        return settings.removed();
    }

    private void restore(JsonLeaf leaf, Map<JsonLeaf, String> replaced) {
        AnswerText text = settings.text(leaf);
        String after = text.accept(leaf.text()) + text.finish();
        restored = restored.plus(text.restored());
        if (!after.equals(leaf.text())) {
            replaced.put(leaf, after);
        }
    }
}
