package dev.postern.redacting.prompt;

import dev.postern.redacting.json.JsonLeaf;
import dev.postern.redacting.json.JsonText;
import java.util.ArrayList;
import java.util.List;

/// The texts that stay the same from turn to turn of one chat: everything up to and with the first user message. Of
/// other operations the first text.
final class OpeningTexts {
    private OpeningTexts() {}

    static List<String> of(JsonText body) {
        int firstUser = firstUserMessage(body);
        List<String> texts = new ArrayList<>();
        for (JsonLeaf leaf : body.leaves()) {
            if (!leaf.is(JsonLeaf.Kind.STRING)) {
                continue;
            }
            boolean message = leaf.shape().startsWith("messages[].content");
            if (message && leaf.positions().getFirst() <= firstUser) {
                texts.add(leaf.text());
            } else if (texts.isEmpty()
                    && (leaf.shape().startsWith("prompt") || leaf.shape().startsWith("input"))) {
                texts.add(leaf.text());
            }
        }
        return texts;
    }

    private static int firstUserMessage(JsonText body) {
        return body.leaves().stream()
                .filter(leaf -> leaf.is(JsonLeaf.Kind.STRING)
                        && leaf.shape().equals("messages[].role")
                        && leaf.text().equals("user"))
                .mapToInt(leaf -> leaf.positions().getFirst())
                .findFirst()
                .orElse(0);
    }
}
