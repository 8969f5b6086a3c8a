package dev.postern.redact.pack;

import java.util.ArrayList;
import java.util.List;

/// Reads the part of java.util.regex that packs may use: no unbounded repetition, no back-reference. One use.
final class PatternShapeParser {
    private static final PatternShape NOTHING = new PatternShape.All(List.of());
    private static final int MOST_REPEATS = 10_000;
    private static final int DEEPEST = 50;
    /// Members of a class that take as long as a property, as `\p{IsGreek}`.
    private static final int PROPERTY = 8;

    private final String regex;
    private final List<PatternShape> assertions = new ArrayList<>();
    private int looksBack;
    private boolean idle;
    private int groups;
    private int largestClass;
    private int depth;
    private int at;
    private boolean ignoreCase;

    PatternShapeParser(String regex) {
        this.regex = regex;
    }

    PatternShape parse() {
        PatternShape shape = either();
        if (at < regex.length()) {
            throw new InvalidRulePack("has an unmatched )");
        }
        return shape;
    }

    /// What the expression looks ahead and behind for, once it was parsed.
    List<PatternShape> assertions() {
        return assertions;
    }

    /// The farthest that the expression looks behind, once it was parsed.
    int looksBack() {
        return looksBack;
    }

    /// What a matcher takes for each character that it looks at, in steps: one, more where it is compared with the
    /// members of a class one after the other, and where groups are entered and left.
    int weight() {
        return 1 + largestClass / 2 + groups / 4;
    }

    /// Whether it has parts that match nothing where one is repeated: they take time and look at no character.
    boolean idle() {
        return idle;
    }

    private PatternShape either() {
        List<PatternShape> options = new ArrayList<>(List.of(all()));
        while (at < regex.length() && regex.charAt(at) == '|') {
            at++;
            options.add(all());
        }
        return options.size() == 1 ? options.getFirst() : new PatternShape.Either(List.copyOf(options));
    }

    private PatternShape all() {
        List<PatternShape> parts = new ArrayList<>();
        while (at < regex.length() && regex.charAt(at) != '|' && regex.charAt(at) != ')') {
            parts.add(repeated(atom()));
        }
        return parts.size() == 1 ? parts.getFirst() : new PatternShape.All(List.copyOf(parts));
    }

    private PatternShape repeated(PatternShape part) {
        if (at == regex.length()) {
            return part;
        }
        char c = regex.charAt(at);
        PatternShape result = part;
        if (c == '*' || c == '+') {
            throw unbounded();
        } else if (c == '?') {
            at++;
            idle |= part.maxLength() == 0;
            result = new PatternShape.Times(part, 0, 1);
        } else if (c == '{') {
            int close = regex.indexOf('}', at);
            String[] bounds =
                    regex.substring(at + 1, close < 0 ? regex.length() : close).split(",", -1);
            if (close < 0 || bounds.length > 2 || bounds[bounds.length - 1].isBlank()) {
                throw unbounded();
            }
            at = close + 1;
            if (part.maxLength() == 0) {
                throw new InvalidRulePack("repeats something that matches nothing");
            }
            int most = count(bounds[bounds.length - 1]);
            idle |= most == 0;
            result = new PatternShape.Times(part, count(bounds[0]), most);
        } else {
            return part;
        }
        if (at < regex.length() && (regex.charAt(at) == '+' || regex.charAt(at) == '?')) {
            at++;
        }
        if (at < regex.length() && "{?*+".indexOf(regex.charAt(at)) >= 0) {
            throw new InvalidRulePack("repeats a repetition: put it into a group");
        }
        return result;
    }

    private static int count(String number) {
        try {
            int count = Integer.parseInt(number.strip());
            if (count >= 0 && count <= MOST_REPEATS) {
                return count;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new InvalidRulePack("repeats something " + number + " times, which is no number up to " + MOST_REPEATS);
    }

    private static InvalidRulePack unbounded() {
        return new InvalidRulePack("must have a pattern whose every repetition is bounded");
    }

    private PatternShape atom() {
        char c = regex.charAt(at++);
        return switch (c) {
            case '(' -> group();
            case '[' -> new CharacterClass().read();
            case '.' -> PatternShape.One.ANY;
            case '^', '$' -> NOTHING;
            case '{', '?', '*', '+' -> throw new InvalidRulePack("repeats nothing: write \\" + c + " for the sign");
            case '\\' -> escape();
            default -> new Characters(ignoreCase).add(c).one();
        };
    }

    private PatternShape group() {
        groups++;
        if (++depth > DEEPEST) {
            throw new InvalidRulePack("has groups in groups more than " + DEEPEST + " deep");
        }
        boolean assertion = false;
        boolean behind = false;
        boolean caseBefore = ignoreCase;
        if (regex.startsWith("?", at)) {
            String rest = regex.substring(at);
            if (rest.startsWith("?i)")) {
                at += 3;
                ignoreCase = true;
                return NOTHING;
            }
            if (rest.startsWith("?i:")) {
                ignoreCase = true;
                at += 3;
            } else if (rest.startsWith("?:") || rest.startsWith("?>")) {
                at += 2;
            } else if (rest.startsWith("?=") || rest.startsWith("?!")) {
                at += 2;
                assertion = true;
            } else if (rest.startsWith("?<=") || rest.startsWith("?<!")) {
                at += 3;
                assertion = true;
                behind = true;
            } else if (rest.startsWith("?<") && rest.indexOf('>') > 0) {
                at += rest.indexOf('>') + 1;
            } else {
                throw new InvalidRulePack("uses a group that packs may not use");
            }
        }
        PatternShape inner = either();
        idle |= !assertion && inner.maxLength() == 0;
        if (at >= regex.length()) {
            throw new InvalidRulePack("has an unmatched (");
        }
        at++;
        depth--;
        ignoreCase = caseBefore;
        looksBack = behind ? Math.max(looksBack, inner.maxLength()) : looksBack;
        if (assertion) {
            assertions.add(inner);
            return NOTHING;
        }
        return inner;
    }

    private PatternShape escape() {
        char c = regex.charAt(at);
        if (c == 'b' || c == 'B' || c == 'A' || c == 'z') {
            at++;
            return NOTHING;
        }
        if (c == 'k' || (c >= '1' && c <= '9')) {
            throw new InvalidRulePack("refers back to a group");
        }
        Characters characters = new Characters(ignoreCase);
        escaped(characters);
        return characters.one();
    }

    /// What stands after a backslash; its last character is -1 when it is a set.
    private int escaped(Characters into) {
        char c = regex.charAt(at++);
        switch (c) {
            case 'd' -> into.range('0', '9');
            case 'w' -> into.word();
            case 's' -> into.add(' ').range('\t', '\r');
            case 'h' -> into.add(' ').add('\t').add('\u00A0');
            case 'D', 'W', 'S', 'P' -> {
                if (c == 'P') {
                    property();
                }
                into.everything();
            }
            case 'p' -> {
                String name = property();
                switch (name) {
                    case "L", "IsAlphabetic" ->
                        into.range('A', 'Z').range('a', 'z').add('\u0080');
                    case "Lu", "Ll" -> into.range('A', 'Z').range('a', 'z').add('\u0080');
                    case "N", "Nd" -> into.range('0', '9').add('\u0080');
                    case "Alnum" -> into.range('0', '9').range('A', 'Z').range('a', 'z');
                    default -> into.everything();
                }
            }
            case 'n' -> into.add('\n');
            case 'r' -> into.add('\r');
            case 't' -> into.add('\t');
            case 'u' -> {
                char named = (char) Integer.parseInt(regex.substring(at, at + 4), 16);
                at += 4;
                into.add(named);
                return named;
            }
            default -> {
                if (Character.isLetterOrDigit(c)) {
                    throw new InvalidRulePack("uses \\" + c + ", which packs may not use");
                }
                into.add(c);
                return c;
            }
        }
        return -1;
    }

    private String property() {
        if (regex.charAt(at) != '{') {
            return String.valueOf(regex.charAt(at++));
        }
        int close = regex.indexOf('}', at);
        String name = regex.substring(at + 1, close);
        at = close + 1;
        return name;
    }

    private final class CharacterClass {
        PatternShape read() {
            boolean negated = regex.charAt(at) == '^';
            at += negated ? 1 : 0;
            Characters characters = new Characters(ignoreCase);
            boolean first = true;
            int members = 0;
            while (first || regex.charAt(at) != ']') {
                first = false;
                members += regex.startsWith("\\p", at) || regex.startsWith("\\P", at) ? PROPERTY : 1;
                int from = single(characters);
                boolean range = from >= 0 && regex.charAt(at) == '-' && regex.charAt(at + 1) != ']';
                if (range) {
                    at++;
                    int to = single(characters);
                    characters.range((char) from, (char) Math.max(from, to));
                }
                if (at >= regex.length()) {
                    throw new InvalidRulePack("has an unmatched [");
                }
            }
            at++;
            largestClass = Math.max(largestClass, members);
            return negated ? characters.others() : characters.one();
        }

        private int single(Characters into) {
            char c = regex.charAt(at++);
            if (c == '\\') {
                return escaped(into);
            }
            if (c == '[' || (c == '&' && regex.startsWith("&", at))) {
                throw new InvalidRulePack("uses a class within a class");
            }
            into.add(c);
            return c;
        }
    }
}
