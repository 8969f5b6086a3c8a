package dev.postern.redact.scan;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A text to be looked at, and the key it stands under. One thread.
public final class ScannedText {
    private final FoldedText folded;
    private final String key;
    private final String language;
    private @Nullable String lower;

    private ScannedText(FoldedText folded, String key, String language) {
        this.folded = folded;
        this.key = key;
        this.language = language;
    }

    /// A text to be looked at.
    ///
    /// @param key the JSON key the text stands under; empty when there is none
    /// @param language the text's language as ISO 639-1; empty when not known
    public static ScannedText of(String text, String key, String language) {
        return new ScannedText(FoldedText.of(text), KeyWords.of(key), primary(language));
    }

    /// A text that goes on after `before`, which was looked at already and is in the form of [#text()]. Offsets into
    /// [#text()] count `before`; [#start] and [#end] lead into `given`.
    ///
    /// @param key the JSON key as words ([KeyWords])
    public static ScannedText continuing(String before, String given, String key) {
        return new ScannedText(FoldedText.after(before, given), key, "");
    }

    /// `en` of `en-US`.
    private static String primary(String language) {
        int end = 0;
        while (end < language.length() && Character.isLetter(language.charAt(end))) {
            end++;
        }
        return language.substring(0, end).toLowerCase(Locale.ROOT);
    }

    /// The text as it is matched; [#start(int)] and [#end(int)] lead back to the text as it was given.
    public String text() {
        return folded.text();
    }

    public String lower() {
        String known = lower;
        if (known == null) {
            char[] chars = new char[text().length()];
            for (int i = 0; i < chars.length; i++) {
                // Per character, so that offsets stay those of the text.
                chars[i] = Character.toLowerCase(text().charAt(i));
            }
            known = new String(chars);
            lower = known;
        }
        return known;
    }

    /// The key as lower-case words.
    public String key() {
        return key;
    }

    String language() {
        return language;
    }

    /// Where a span that starts here starts in the text as it was given.
    public int start(int at) {
        return folded.start(at);
    }

    /// Where a span that ends here ends in the text as it was given.
    public int end(int at) {
        return folded.end(at);
    }
}
