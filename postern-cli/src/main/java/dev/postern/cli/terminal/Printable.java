package dev.postern.cli.terminal;

import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Text that others wrote, on its way to a terminal: what would move the cursor or change a line that stands there
/// already is not among it.
public final class Printable {
    private static final int LONGEST = 256;
    private static final JsonMapper ASCII =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private Printable() {}

    /// At most 256 printable ASCII characters: others become `?`, a longer text ends in `~`.
    public static String of(String text) {
        StringBuilder out = new StringBuilder();
        text.chars().limit(LONGEST).forEach(c -> out.append(c >= ' ' && c <= '~' ? (char) c : '?'));
        if (text.length() > LONGEST) {
            out.setCharAt(LONGEST - 1, '~');
        }
        return out.toString();
    }

    /// As [#of(String)]: a document's text field, or nothing.
    public static String of(JsonNode document, String field) {
        return of(document.path(field).asString(""));
    }

    /// A whole document on one line, with all else than ASCII as escapes.
    public static String json(JsonNode document) {
        return ASCII.writeValueAsString(document);
    }
}
