package dev.postern.cli.demo;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/// Values to look for: as plain text, as UTF-16, and inside base64 at any alignment. Prints none of them.
record Needles(List<byte[]> forms) {
    static Needles of(Collection<String> values) {
        return new Needles(values.stream().flatMap(Needles::forms).toList());
    }

    boolean anyIn(byte[] content) {
        return forms.stream().anyMatch(needle -> contains(content, needle));
    }

    @Override
    public String toString() {
        return "Needles[" + forms.size() + " forms]";
    }

    private static Stream<byte[]> forms(String value) {
        byte[] plain = value.getBytes(StandardCharsets.UTF_8);
        Stream.Builder<byte[]> forms = Stream.builder();
        forms.add(plain);
        forms.add(value.getBytes(StandardCharsets.UTF_16LE));
        for (int shift = 0; shift < 3 && plain.length > 6; shift++) {
            // Only whole groups of three octets look the same wherever the value starts.
            int end = shift + (plain.length - shift) / 3 * 3;
            byte[] aligned = Arrays.copyOfRange(plain, shift, end);
            forms.add(Base64.getEncoder().encode(aligned));
        }
        return forms.build();
    }

    private static boolean contains(byte[] content, byte[] needle) {
        byte first = needle[0];
        for (int i = 0; i <= content.length - needle.length; i++) {
            if (content[i] == first && matches(content, i, needle)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(byte[] content, int offset, byte[] needle) {
        for (int i = 1; i < needle.length; i++) {
            if (content[offset + i] != needle[i]) {
                return false;
            }
        }
        return true;
    }
}
