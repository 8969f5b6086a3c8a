package dev.postern.redact.scan;

import dev.postern.redact.entity.Entity;
import dev.postern.redact.pack.PatternShape;
import dev.postern.redact.pack.Rule;
import dev.postern.redact.pack.Trigger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// The rules with what the scanner looks for on their behalf: first the rules themselves, then the literals that
/// trigger some, then the phrases of their contexts. Immutable.
final class RuleIndex {
    private static final PatternShape NEVER = new PatternShape.Either(List.of());

    private final List<Rule> rules;
    private final Effort effort;
    private final Rule[] byNumber;
    private final Prospect[] prospects;
    /// The group that is the value, 0 for the whole match. Asking the pattern for it makes a map each time.
    private final int[] valueGroups;
    private final List<String> words;
    private final String[] byItem;
    private final int[] wordLengths;
    private final int firstPhrase;
    private final int[][] triggered;
    private final BitSet[] contexts;
    private final BitSet[] unless;
    private final int[] costly;
    private final int[] longest;
    private final int[] weights;
    private final ForeignWords foreign;
    private final Map<String, Integer> phraseNumbers = new HashMap<>();

    private RuleIndex(
            List<Rule> rules,
            Effort effort,
            Prospect[] prospects,
            List<String> words,
            int firstPhrase,
            int[][] triggered,
            BitSet[] contexts,
            BitSet[] unless) {
        this.rules = rules;
        this.effort = effort;
        this.byNumber = rules.toArray(Rule[]::new);
        this.prospects = prospects;
        this.valueGroups = rules.stream()
                .mapToInt(rule -> rule.pattern().namedGroups().getOrDefault("value", 0))
                .toArray();
        this.words = words;
        this.byItem = words.toArray(String[]::new);
        this.wordLengths = words.stream().mapToInt(String::length).toArray();
        this.firstPhrase = firstPhrase;
        this.triggered = triggered;
        this.contexts = contexts;
        this.unless = unless;
        this.costly = IntStream.range(0, rules.size())
                .filter(rule -> rules.get(rule).costly())
                .toArray();
        this.longest = rules.stream().mapToInt(rule -> rule.shape().maxLength()).toArray();
        this.weights = rules.stream().mapToInt(Rule::weight).toArray();
        this.foreign = new ForeignWords(words, rules.size());
        for (int phrase = 0; phrase < phraseCount(); phrase++) {
            phraseNumbers.put(byItem[firstPhrase + phrase], phrase);
        }
    }

    static RuleIndex of(List<Rule> rules) {
        return of(rules, Effort.UNLIMITED);
    }

    static RuleIndex of(List<Rule> rules, Effort effort) {
        return of(
                rules,
                effort,
                rules.stream().map(rule -> new Prospect(rule.shape(), effort)).toArray(Prospect[]::new));
    }

    /// The index of some of the rules, which shares with this one what is built while it is used.
    RuleIndex of(Predicate<Entity> wanted) {
        int[] chosen = IntStream.range(0, byNumber.length)
                .filter(number -> wanted.test(byNumber[number].entity()))
                .toArray();
        return of(
                IntStream.of(chosen).mapToObj(this::rule).toList(),
                effort,
                IntStream.of(chosen).mapToObj(this::prospect).toArray(Prospect[]::new));
    }

    private static RuleIndex of(List<Rule> rules, Effort effort, Prospect[] prospects) {
        Map<String, List<Integer>> literals = new LinkedHashMap<>();
        Map<String, Integer> phrases = new LinkedHashMap<>();
        BitSet[] contexts = new BitSet[rules.size()];
        BitSet[] unless = new BitSet[rules.size()];
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            if (rule.trigger() instanceof Trigger.Literal literal) {
                for (String needed : literal.literals()) {
                    literals.computeIfAbsent(needed, _ -> new ArrayList<>()).add(i);
                }
            }
            contexts[i] = numbers(rule.context(), phrases);
            unless[i] = numbers(rule.unless(), phrases);
        }
        List<String> words = new ArrayList<>(literals.keySet());
        int firstPhrase = words.size();
        words.addAll(phrases.keySet());
        int[][] triggered = literals.values().stream()
                .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
        return new RuleIndex(
                List.copyOf(rules), effort, prospects, List.copyOf(words), firstPhrase, triggered, contexts, unless);
    }

    private static BitSet numbers(List<String> wanted, Map<String, Integer> phrases) {
        BitSet numbers = new BitSet();
        for (String phrase : wanted) {
            for (String written : PhraseForms.of(phrase)) {
                // Of nothing but accents nothing is left without them.
                if (written.isEmpty()) {
                    continue;
                }
                numbers.set(phrases.computeIfAbsent(written, _ -> phrases.size()));
            }
        }
        return numbers;
    }

    /// The shapes of what is looked for; their numbers are the items of the other methods.
    List<PatternShape> shapes() {
        List<PatternShape> shapes = new ArrayList<>();
        for (Rule rule : rules) {
            boolean anywhere = rule.trigger() instanceof Trigger.Start;
            // A rule that a literal triggers is found by it; its own place in the numbering has no way to begin.
            shapes.add(anywhere ? rule.shape() : NEVER);
        }
        for (String word : words) {
            shapes.add(
                    ForeignWords.holds(word)
                            ? NEVER
                            : new PatternShape.All(
                                    word.chars().mapToObj(c -> letter((char) c)).toList()));
        }
        return shapes;
    }

    /// The literals and phrases that begin with a letter beyond ASCII, in either case: none of them is in [#shapes()],
    /// where all such letters are one.
    int[] foreign(char first) {
        return foreign.from(first);
    }

    private static PatternShape letter(char c) {
        char upper = Character.toUpperCase(c);
        return new PatternShape.One(bit(c, 0) | bit(upper, 0), bit(c, 64) | bit(upper, 64), c >= 128 || upper >= 128);
    }

    private static long bit(char c, int from) {
        return c >= from && c < from + 64 ? 1L << (c - from) : 0;
    }

    List<String> literals() {
        return words.subList(0, firstPhrase);
    }

    List<Rule> rules() {
        return rules;
    }

    /// What looking for the rules may cost.
    Effort effort() {
        return effort;
    }

    Rule rule(int number) {
        return byNumber[number];
    }

    /// What tells where a rule cannot match.
    Prospect prospect(int number) {
        return prospects[number];
    }

    /// [Rule#weight].
    int weight(int rule) {
        return weights[rule];
    }

    /// Characters of the rule's longest match.
    int longest(int rule) {
        return longest[rule];
    }

    int valueGroup(int rule) {
        return valueGroups[rule];
    }

    /// Rules, literals and phrases.
    int items() {
        return byNumber.length + byItem.length;
    }

    /// The numbers of the rules whose checks are costly.
    int[] costly() {
        return costly;
    }

    boolean isRule(int item) {
        return item < byNumber.length;
    }

    /// The literal or phrase of an item that is no rule.
    String word(int item) {
        return byItem[item - byNumber.length];
    }

    /// Characters of the literal or phrase.
    int wordLength(int item) {
        return wordLengths[item - byNumber.length];
    }

    boolean isPhrase(int item) {
        return item - byNumber.length >= firstPhrase;
    }

    int phrase(int item) {
        return item - byNumber.length - firstPhrase;
    }

    int phraseCount() {
        return byItem.length - firstPhrase;
    }

    /// The number of a phrase; -1 when no context has it.
    int phraseOf(String text) {
        return phraseNumbers.getOrDefault(text, -1);
    }

    int[] triggered(int item) {
        return triggered[item - byNumber.length];
    }

    boolean context(int rule, int phrase) {
        return contexts[rule].get(phrase);
    }

    boolean hasContext(int rule) {
        return !contexts[rule].isEmpty();
    }

    boolean unless(int rule, int phrase) {
        return unless[rule].get(phrase);
    }

    boolean hasUnless(int rule) {
        return !unless[rule].isEmpty();
    }
}
