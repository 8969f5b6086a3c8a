package dev.postern.redact.check;

import dev.postern.redact.data.DataFiles;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Host names and web addresses.
final class Domains {
    private static final Set<String> TOP_LEVEL = DataFiles.lines(Domains.class, "top-level-domains.txt").stream()
            .flatMap(line -> Arrays.stream(line.split(" ")))
            .collect(Collectors.toUnmodifiableSet());
    private static final String SENTENCE = ".,;:!?)]}>'\"*_…»”’";

    /// RFC 3986's authority: perhaps a user, labels or an address in brackets, a port of at most 65535.
    private static final Pattern HOST = Pattern.compile("(?:[^\\s/?#@]{0,256}@)?(?:\\[[0-9A-Fa-f:.%]{2,60}\\]"
            + "|[\\p{L}\\p{N}_](?:[\\p{L}\\p{N}_.~%{}$-]{0,253}[\\p{L}\\p{N}_}.])?)"
            + "(?::(?:[1-5]?\\d{1,4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5]))?(?=[/?#]|$)");

    private Domains() {}

    /// A name below a top-level domain of the root zone, with what follows it: a port, a path. `www.name` is none.
    static int accept(String text, int start, int end) {
        int cut = withoutSentence(text, start, end);
        int host = start;
        while (host < cut && ":/?#".indexOf(text.charAt(host)) < 0) {
            host++;
        }
        String name = text.substring(start, host);
        String last = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        boolean bare = name.indexOf('.') == name.lastIndexOf('.') && name.regionMatches(true, 0, "www.", 0, 4);
        // "the end.Next" is the end of a sentence.
        String written = name.substring(name.lastIndexOf('.') + 1);
        boolean sentence =
                Character.isUpperCase(written.charAt(0)) && !written.equals(written.toUpperCase(Locale.ROOT));
        return TOP_LEVEL.contains(last) && !sentence && !bare && name.length() <= 253 ? cut : Check.REJECTED;
    }

    /// What begins with `scheme://`; the end of the sentence is not part of it, nor is a bracket that it did not open.
    static int acceptUrl(String text, int start, int end) {
        int cut = withoutSentence(text, start, end);
        int host = text.indexOf("://", start) + 3;
        boolean local = text.startsWith("file", start);
        return cut > host && (local || HOST.matcher(text).region(host, cut).lookingAt()) ? cut : Check.REJECTED;
    }

    private static int withoutSentence(String text, int start, int end) {
        int cut = end;
        while (cut > start && SENTENCE.indexOf(text.charAt(cut - 1)) >= 0) {
            boolean opened = text.charAt(cut - 1) == ')' && text.indexOf('(', start, cut) >= 0;
            if (opened) {
                break;
            }
            cut--;
        }
        return cut;
    }
}
