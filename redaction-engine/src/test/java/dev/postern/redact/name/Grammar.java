package dev.postern.redact.name;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Writes texts from templates.
///
/// A line is a template, or `@name = a ;; 3* b` or `@name:KIND = …`, which is a name of that kind wherever a template
/// refers to it as `{name}`; inside names it is not looked for. `[a|b|]` is one of the alternatives. `{name^}` is in
/// capitals, `{name^1}` starts with one,
/// `{name_}` has none. What is no definition is a word of the lists.
final class Grammar {
    private static final Pattern DEFINITION = Pattern.compile("@([a-z0-9-]+)(?::([A-Z]+))? = (.*)");
    private static final Pattern WEIGHT = Pattern.compile("(\\d+)\\* (.*)");
    private static final int DEEPEST = 12;

    private final TrainingLists lists;
    private final Map<String, List<String>> plain = new HashMap<>();
    private final Map<String, List<String>> names = new HashMap<>();
    private final Map<String, NameKind> kinds = new HashMap<>();
    private final List<String> templates = new ArrayList<>();

    Grammar(TrainingLists lists, List<String> lines) {
        this.lists = lists;
        for (String line : lines) {
            Matcher definition = DEFINITION.matcher(line);
            if (definition.matches()) {
                define(definition);
            } else {
                templates.add(line.startsWith("\\") ? line.substring(1) : line);
            }
        }
    }

    private void define(Matcher definition) {
        List<String> alternatives = new ArrayList<>();
        for (String alternative : definition.group(3).split(" ;; ", -1)) {
            Matcher weight = WEIGHT.matcher(alternative);
            int times = weight.matches() ? Integer.parseInt(weight.group(1)) : 1;
            for (int i = 0; i < times; i++) {
                alternatives.add(weight.matches() ? weight.group(2) : alternative);
            }
        }
        if (definition.group(2) == null) {
            plain.put(definition.group(1), alternatives);
        } else {
            names.put(definition.group(1), alternatives);
            kinds.put(definition.group(1), NameKind.valueOf(definition.group(2)));
        }
    }

    int templates() {
        return templates.size();
    }

    /// The words that templates themselves hold, in lower case.
    Set<String> words() {
        Set<String> words = new TreeSet<>();
        templates.forEach(text -> words(text, "\\p{L}+", words));
        // Capitalised ones stand in names there.
        plain.values().forEach(all -> all.forEach(text -> words(text, "(?<!\\p{L})\\p{Ll}+", words)));
        return words;
    }

    private static void words(String text, String pattern, Set<String> words) {
        Matcher word = Pattern.compile(pattern).matcher(text.replaceAll("\\{[^ }]*}|\\\\n", " "));
        while (word.find()) {
            words.add(word.group().toLowerCase(Locale.ROOT));
        }
    }

    TrainingText write(int template, Random random) {
        Writing writing = new Writing(random);
        writing.expand(templates.get(template), null, 0);
        return new TrainingText(writing.text.toString(), List.copyOf(writing.names));
    }

    private final class Writing {
        private final StringBuilder text = new StringBuilder();
        private final List<TrainingText.Name> names = new ArrayList<>();
        private final Random random;

        Writing(Random random) {
            this.random = random;
        }

        void expand(String template, @Nullable NameKind inside, int depth) {
            if (depth > DEEPEST) {
                throw new IllegalStateException("templates refer to each other without end: " + template);
            }
            int i = 0;
            while (i < template.length()) {
                char c = template.charAt(i);
                if (c == '[') {
                    int close = closing(template, i);
                    List<String> choices = choices(template.substring(i + 1, close));
                    expand(choices.get(random.nextInt(choices.size())), inside, depth);
                    i = close + 1;
                } else if (c == '{' && i + 1 < template.length() && Character.isLetter(template.charAt(i + 1))) {
                    int close = template.indexOf('}', i);
                    refer(template.substring(i + 1, close), inside, depth);
                    i = close + 1;
                } else if (c == '\\' && i + 1 < template.length()) {
                    text.append(
                            template.charAt(i + 1) == 'n'
                                    ? '\n'
                                    : template.charAt(i + 1) == 't' ? '\t' : template.charAt(i + 1));
                    i += 2;
                } else {
                    text.append(c);
                    i++;
                }
            }
        }

        private void refer(String reference, @Nullable NameKind inside, int depth) {
            String name = reference.replaceAll("(\\^1?|_)$", "");
            int from = text.length();
            NameKind kind = inside == null ? kinds.get(name) : null;
            List<String> alternatives = kind != null ? Grammar.this.names.get(name) : plain.get(name);
            if (alternatives == null) {
                text.append(lists.word(name, random));
            } else {
                expand(alternatives.get(random.nextInt(alternatives.size())), kind != null ? kind : inside, depth + 1);
            }
            change(reference, from);
            if (kind != null && text.length() > from) {
                int start = kind == NameKind.OTHER || !text.substring(from).startsWith("the ") ? from : from + 4;
                names.add(new TrainingText.Name(start, text.length(), kind));
            }
        }

        private void change(String reference, int from) {
            for (int i = from; i < text.length(); i++) {
                char c = text.charAt(i);
                if (reference.endsWith("_")) {
                    text.setCharAt(i, Character.toLowerCase(c));
                } else if (reference.endsWith("^") || (reference.endsWith("^1") && i == from)) {
                    text.setCharAt(i, Character.toUpperCase(c));
                }
            }
        }
    }

    private static int closing(String template, int open) {
        int depth = 0;
        for (int i = open; i < template.length(); i++) {
            depth += template.charAt(i) == '[' ? 1 : template.charAt(i) == ']' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        throw new IllegalArgumentException("a choice has no end: " + template);
    }

    private static List<String> choices(String inside) {
        List<String> choices = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i <= inside.length(); i++) {
            if (i == inside.length() || (inside.charAt(i) == '|' && depth == 0)) {
                choices.add(inside.substring(from, i));
                from = i + 1;
            } else {
                depth += inside.charAt(i) == '[' ? 1 : inside.charAt(i) == ']' ? -1 : 0;
            }
        }
        return choices;
    }
}
