package dev.postern.redacting.answer;

import dev.postern.redacting.json.JsonStrings;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// A text that is JSON: arguments of a tool call, an answer that was asked for as JSON. Its strings are decoded while
/// they arrive, each is a text of its own under its key, and is written again; a number that is a value becomes a
/// string. What is no JSON is taken for plain text from there on, so that nothing passes unseen. One thread.
final class JsonAnswerText implements AnswerText {
    private static final int DEEPEST = 64;
    private static final int LONGEST_WORD = 400;
    private static final int LONGEST_KEY = 64;

    private final Texts texts;
    private final StringBuilder out = new StringBuilder();
    /// Decoded characters of the current string that it was not given yet.
    private final StringBuilder decoded = new StringBuilder();
    /// An escape, a number or a word that has not ended.
    private final StringBuilder pending = new StringBuilder();
    private final Deque<Level> levels = new ArrayDeque<>();
    private final StringBuilder name = new StringBuilder();
    private String key = "";
    private boolean nameFollows;
    private State state = State.BETWEEN;
    private @Nullable AnswerText current;
    private AnswerRestorer.Restored restored = AnswerRestorer.Restored.NOTHING;

    /// Opens the texts of one document.
    interface Texts {
        AnswerText text(String key);

        AnswerText name();

        /// What turned out to be no JSON.
        AnswerText broken();
    }

    /// @param key the key that the level itself stands under
    private record Level(boolean object, String key) {}

    private enum State {
        BETWEEN,
        STRING,
        ESCAPE,
        WORD,
        BROKEN
    }

    JsonAnswerText(Texts texts) {
        this.texts = texts;
    }

    @Override
    public String accept(String fragment) {
        int at = 0;
        while (at < fragment.length() && state != State.BROKEN) {
            at += take(fragment.charAt(at)) ? 1 : 0;
        }
        flush();
        if (current != null && state == State.BROKEN) {
            out.append(current.accept(fragment.substring(at)));
        }
        return taken();
    }

    @Override
    public String finish() {
        if (state == State.WORD) {
            endWord();
        }
        flush();
        if (current != null) {
            String rest = current.finish();
            out.append(state == State.BROKEN ? rest : JsonStrings.escaped(rest));
            close();
        }
        out.append(pending);
        pending.setLength(0);
        return taken();
    }

    @Override
    public AnswerRestorer.Restored restored() {
        return current == null ? restored : restored.plus(current.restored());
    }

    /// Whether the character is used up.
    private boolean take(char c) {
        return switch (state) {
            case BETWEEN -> between(c);
            case STRING -> string(c);
            case ESCAPE -> escape(c);
            case WORD -> word(c);
            case BROKEN -> false;
        };
    }

    private boolean between(char c) {
        switch (c) {
            case '{', '[' -> {
                if (levels.size() == DEEPEST) {
                    breakOff();
                    return false;
                }
                levels.push(new Level(c == '{', key));
                nameFollows = c == '{';
            }
            case '}', ']' -> {
                Level level = levels.poll();
                if (level == null || level.object() != (c == '}')) {
                    breakOff();
                    return false;
                }
                key = level.key();
                nameFollows = false;
            }
            case ',' -> {
                Level level = levels.peek();
                nameFollows = level != null && level.object();
                key = level == null || level.object() ? "" : level.key();
            }
            case ':' -> nameFollows = false;
            case '"' -> {
                current = nameFollows ? texts.name() : texts.text(key);
                name.setLength(0);
                state = State.STRING;
            }
            case ' ', '\t', '\r', '\n' -> {}
            default -> {
                state = State.WORD;
                return false;
            }
        }
        out.append(c);
        return true;
    }

    private boolean string(char c) {
        if (c == '"') {
            flush();
            if (current != null) {
                out.append(JsonStrings.escaped(current.finish()));
            }
            close();
            out.append(c);
            key = nameFollows ? name.toString() : key;
            state = State.BETWEEN;
        } else if (c == '\\') {
            pending.append(c);
            state = State.ESCAPE;
        } else {
            decoded(c);
        }
        return true;
    }

    private void decoded(char c) {
        decoded.append(c);
        if (nameFollows && name.length() < LONGEST_KEY) {
            name.append(c);
        }
    }

    private boolean escape(char c) {
        boolean unicode = pending.length() > 1;
        if (!unicode && c == 'u') {
            pending.append(c);
            return true;
        }
        if (!unicode) {
            int simple = "\"\\/bfnrt".indexOf(c);
            if (simple < 0) {
                decoded('\\');
            }
            decoded(simple < 0 ? c : "\"\\/\b\f\n\r\t".charAt(simple));
            endEscape();
            return true;
        }
        if (Character.digit(c, 16) < 0 || c >= 128) {
            // No escape: what stands there is taken as it is.
            pending.chars().forEach(plain -> decoded((char) plain));
            endEscape();
            return false;
        }
        pending.append(c);
        if (pending.length() == "\\u0000".length()) {
            decoded((char) Integer.parseInt(pending, 2, pending.length(), 16));
            endEscape();
        }
        return true;
    }

    private void endEscape() {
        pending.setLength(0);
        state = State.STRING;
    }

    private boolean word(char c) {
        if (" \t\r\n,:{}[]\"".indexOf(c) >= 0) {
            endWord();
            return false;
        }
        pending.append(c);
        if (pending.length() > LONGEST_WORD) {
            breakOff();
        }
        return true;
    }

    private void endWord() {
        String word = pending.toString();
        if (word.matches("true|false|null")) {
            out.append(word);
        } else if (word.matches("-?\\d[0-9.eE+\\-]*")) {
            AnswerText number = texts.text(key);
            String written = number.accept(word) + number.finish();
            restored = restored.plus(number.restored());
            out.append(written.equals(word) ? word : JsonStrings.quoted(written));
        } else {
            breakOff();
            return;
        }
        pending.setLength(0);
        state = State.BETWEEN;
    }

    /// From here on it is plain text.
    private void breakOff() {
        current = texts.broken();
        out.append(current.accept(pending.toString()));
        pending.setLength(0);
        state = State.BROKEN;
    }

    private void flush() {
        if (current != null && !decoded.isEmpty()) {
            out.append(JsonStrings.escaped(current.accept(decoded.toString())));
            decoded.setLength(0);
        }
    }

    private void close() {
        if (current != null) {
            restored = restored.plus(current.restored());
            current = null;
        }
    }

    private String taken() {
        String text = out.toString();
        out.setLength(0);
        return text;
    }
}
