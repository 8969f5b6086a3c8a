package dev.postern.redact.onnx;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.postern.redact.name.UnusableNameModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/// A model's own tokenizer. Safe for any number of threads.
///
/// DJL would report to its makers where it runs in their cloud, look for graphics cards and fetch another library for
/// them, and load its library from a directory that others may share. All of that is switched off before its first
/// class is loaded; the library comes from the jar, through a directory of this process' own.
final class Tokenizer {
    private static final Map<String, String> OPTIONS = Map.of("truncation", "false", "padding", "false");

    static {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("RUST_FLAVOR", "cpu");
        System.setProperty("ENGINE_CACHE_DIR", ownDirectory().toString());
    }

    private final HuggingFaceTokenizer tokenizer;
    /// The special tokens before and after a text.
    private final long[] opening;
    private final long[] closing;

    private Tokenizer(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
        Encoding encoding = tokenizer.encode("a", true, false);
        long[] ids = encoding.getIds();
        long[] special = encoding.getSpecialTokenMask();
        int first = 0;
        while (first < ids.length && special[first] == 1) {
            first++;
        }
        int last = ids.length;
        while (last > first && special[last - 1] == 1) {
            last--;
        }
        opening = Arrays.copyOf(ids, first);
        closing = Arrays.copyOfRange(ids, last, ids.length);
    }

    private static Path ownDirectory() {
        try {
            Path directory = Files.createTempDirectory("postern-tokenizers");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary directory can be made for the tokenizers' library", e);
        }
    }

    private static void delete(Path directory) {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException _) {
            // The system clears its temporary files.
        }
    }

    static Tokenizer read(Path file) {
        try {
            return new Tokenizer(HuggingFaceTokenizer.newInstance(file, OPTIONS));
        } catch (IOException | RuntimeException e) {
            throw new UnusableNameModel("tokenizer.json cannot be read: export it as a fast tokenizer", e);
        }
    }

    long[] opening() {
        return opening.clone();
    }

    long[] closing() {
        return closing.clone();
    }

    /// The tokens of a text. Half a surrogate pair counts as a character that nobody knows, NUL as a blank.
    Tokens of(CharSequence text) {
        String whole = readable(text);
        Encoding encoding = tokenizer.encode(whole, false, false);
        return new Tokens(encoding.getIds(), encoding.getWordIds(), encoding.getCharTokenSpans(), units(whole));
    }

    private static String readable(CharSequence text) {
        StringBuilder readable = new StringBuilder(text);
        for (int i = 0; i < readable.length(); i++) {
            char c = readable.charAt(i);
            if (c == 0) {
                readable.setCharAt(i, ' ');
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < readable.length()
                    && Character.isLowSurrogate(readable.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                readable.setCharAt(i, '\uFFFD');
            }
        }
        return readable.toString();
    }

    /// The UTF-16 offset of each code point, and of the end.
    private static int[] units(String text) {
        int[] units = new int[text.codePointCount(0, text.length()) + 1];
        int at = 0;
        for (int i = 0; i < units.length; i++) {
            units[i] = at;
            at += at < text.length() ? Character.charCount(text.codePointAt(at)) : 0;
        }
        return units;
    }
}
