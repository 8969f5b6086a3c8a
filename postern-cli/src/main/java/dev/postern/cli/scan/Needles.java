package dev.postern.cli.scan;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Values to look for: as plain text, as UTF-16 in both orders, as hexadecimal digits, as JSON escapes, and inside
/// base64 of both alphabets at any alignment. Prints none of them.
///
/// Non-guarantee: compressed or otherwise encoded text is not recognised.
public final class Needles {
    private static final int BYTES = 256;
    private static final byte[][] NONE = {};

    /// By their first byte, so that a search passes over the content once.
    private final byte[][][] byFirst = new byte[BYTES][][];

    private final int forms;

    private Needles(List<byte[]> forms) {
        this.forms = forms.size();
        Arrays.fill(byFirst, NONE);
        for (byte[] form : forms) {
            int first = Byte.toUnsignedInt(form[0]);
            byte[][] more = Arrays.copyOf(byFirst[first], byFirst[first].length + 1);
            more[more.length - 1] = form;
            byFirst[first] = more;
        }
    }

    public static Needles of(Collection<String> values) {
        return new Needles(values.stream().flatMap(Needles::forms).toList());
    }

    public boolean anyIn(byte[] content) {
        return firstIn(content).isPresent();
    }

    /// Where the first of them begins.
    public OptionalInt firstIn(byte[] content) {
        for (int i = 0; i < content.length; i++) {
            for (byte[] needle : byFirst[Byte.toUnsignedInt(content[i])]) {
                if (matches(content, i, needle)) {
                    return OptionalInt.of(i);
                }
            }
        }
        return OptionalInt.empty();
    }

    @Override
    public String toString() {
        return "Needles[" + forms + " forms]";
    }

    private static Stream<byte[]> forms(String value) {
        byte[] plain = value.getBytes(StandardCharsets.UTF_8);
        List<byte[]> forms = new ArrayList<>();
        forms.add(plain);
        forms.add(value.getBytes(StandardCharsets.UTF_16LE));
        forms.add(value.getBytes(StandardCharsets.UTF_16BE));
        String hex = HexFormat.of().formatHex(plain);
        forms.add(ascii(hex));
        forms.add(ascii(hex.toUpperCase(java.util.Locale.ROOT)));
        forms.add(ascii(escaped(value)));
        for (int shift = 0; shift < 3 && plain.length > 6; shift++) {
            // Only whole groups of three octets look the same wherever the value starts.
            int end = shift + (plain.length - shift) / 3 * 3;
            byte[] aligned = Arrays.copyOfRange(plain, shift, end);
            forms.add(Base64.getEncoder().encode(aligned));
            forms.add(Base64.getUrlEncoder().encode(aligned));
        }
        return forms.stream();
    }

    /// With each character as `\\u` and four digits, as some writers of JSON have it.
    private static String escaped(String value) {
        return value.chars().mapToObj("\\u%04x"::formatted).collect(Collectors.joining());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean matches(byte[] content, int offset, byte[] needle) {
        return offset + needle.length <= content.length
                && Arrays.equals(content, offset, offset + needle.length, needle, 0, needle.length);
    }
}
