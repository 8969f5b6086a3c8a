package dev.postern.audit.canonical;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The JSON Canonicalization Scheme (RFC 8785) for the values events consist of: objects, arrays, strings, integers
/// within +-(2^53 - 1) and booleans.
///
/// Guarantee: equal values give equal bytes, and the bytes mean the same to every JSON parser. Refused, because parsers
/// disagree about them: fractions, larger integers, `null`, unpaired surrogates.
public final class CanonicalJson {

    /// The largest integer every JSON parser keeps exact.
    public static final long MAX_INTEGER = (1L << 53) - 1;

    private static final int MAX_DEPTH = 16;

    private CanonicalJson() {}

    /// The canonical bytes of an object.
    ///
    /// @throws NotCanonical if the value, or one inside it, has no canonical form
    public static byte[] bytes(Map<String, ?> object) throws NotCanonical {
        StringBuilder out = new StringBuilder(512);
        object(object, out, MAX_DEPTH);
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void value(@Nullable Object value, StringBuilder out, int depth) throws NotCanonical {
        switch (value) {
            case String text -> string(text, out);
            case Boolean truth -> out.append(truth);
            case Integer number -> out.append(number);
            case Long number -> integer(number, out);
            case Map<?, ?> map -> object(map, out, depth);
            case List<?> list -> array(list, out, depth);
            case null -> throw new NotCanonical("null");
            default -> throw new NotCanonical(value.getClass().getSimpleName());
        }
    }

    private static void integer(long number, StringBuilder out) throws NotCanonical {
        if (number > MAX_INTEGER || number < -MAX_INTEGER) {
            throw new NotCanonical("integer beyond 2^53 - 1");
        }
        out.append(number);
    }

    private static void object(Map<?, ?> map, StringBuilder out, int depth) throws NotCanonical {
        String[] keys = sortedKeys(map, depth);
        out.append('{');
        for (int i = 0; i < keys.length; i++) {
            if (i > 0) {
                out.append(',');
            }
            string(keys[i], out);
            out.append(':');
            value(map.get(keys[i]), out, depth - 1);
        }
        out.append('}');
    }

    /// By UTF-16 code units (RFC 8785, section 3.2.3), which is the order of [String#compareTo].
    private static String[] sortedKeys(Map<?, ?> map, int depth) throws NotCanonical {
        if (depth == 0) {
            throw new NotCanonical("nesting");
        }
        String[] keys = new String[map.size()];
        int count = 0;
        for (Object key : map.keySet()) {
            if (!(key instanceof String name)) {
                throw new NotCanonical("key that is no string");
            }
            keys[count++] = name;
        }
        Arrays.sort(keys);
        return keys;
    }

    private static void array(List<?> list, StringBuilder out, int depth) throws NotCanonical {
        if (depth == 0) {
            throw new NotCanonical("nesting");
        }
        out.append('[');
        for (int i = 0; i < list.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            value(list.get(i), out, depth - 1);
        }
        out.append(']');
    }

    private static void string(String text, StringBuilder out) throws NotCanonical {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20) {
                        out.append("\\u00")
                                .append(Character.forDigit(c >> 4, 16))
                                .append(Character.forDigit(c & 15, 16));
                    } else if (!Character.isSurrogate(c)) {
                        out.append(c);
                    } else if (Character.isHighSurrogate(c)
                            && i + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(i + 1))) {
                        out.append(c).append(text.charAt(++i));
                    } else {
                        throw new NotCanonical("unpaired surrogate");
                    }
                }
            }
        }
        out.append('"');
    }
}
