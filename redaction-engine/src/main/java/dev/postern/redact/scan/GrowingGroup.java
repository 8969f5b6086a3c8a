package dev.postern.redact.scan;

import dev.postern.redact.entity.Span;
import dev.postern.redact.pack.Rule;
import dev.postern.redact.pack.Trigger;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A group of rules for texts that arrive piece by piece. Safe for any number of threads.
final class GrowingGroup {
    private final RuleIndex index;
    private final PortableScanner scanner;
    private final int longestLiteral;
    /// Rules that are tried before what triggers them has come.
    private final int[] reaching;
    /// Which of them may begin at a place.
    private final PlaceAutomaton beginnings;
    private final int farthest;
    private final Pool<Workspace> workspaces;

    GrowingGroup(RuleIndex index) {
        this.index = index;
        this.workspaces = new Pool<>(() -> new Workspace(index));
        this.scanner = new PortableScanner(index);
        this.longestLiteral =
                index.literals().stream().mapToInt(String::length).max().orElse(0);
        this.reaching = IntStream.range(0, index.rules().size())
                .filter(number -> reach(number) > 0)
                .toArray();
        this.beginnings = new PlaceAutomaton(
                IntStream.of(reaching)
                        .mapToObj(number -> index.rule(number).shape())
                        .toList(),
                index.effort());
        this.farthest = IntStream.of(reaching).map(this::reach).max().orElse(0) + longestLiteral;
    }

    /// The phrases of the rules' contexts that a key holds.
    BitSet keyPhrases(String key) {
        return Scoring.keyPhrases(index, key);
    }

    /// Of a text that begins.
    Memory nothingYet() {
        return new Memory(index.costly().length);
    }

    private int reach(int number) {
        Rule rule = index.rule(number);
        return rule.trigger() instanceof Trigger.Literal literal ? literal.reach() : 0;
    }

    /// The group's part in one look at a text whose places before `from` are decided. One thread; in this order:
    /// [#scan], [#verify], [#holdForTriggers] and [#score], [#end].
    final class Part {
        private final ScannedText text;
        private final int from;
        private final Memory memory;
        private final @Nullable Frontier frontier;
        private final Workspace workspace = workspaces.take();
        private final Scoring scoring;
        private final Verification verification;
        private List<Verification.Match> matches = List.of();

        /// @param frontier that all groups share; null when nothing follows the text
        Part(
                ScannedText text,
                int from,
                Memory memory,
                @Nullable Frontier frontier,
                double least,
                Predicate<Span> sureEnough,
                BitSet keyPhrases) {
            this.text = text;
            this.from = from;
            this.memory = memory;
            this.frontier = frontier;
            workspace.begin(text.text());
            this.scoring = new Scoring(
                    index,
                    text,
                    workspace.candidates(),
                    least,
                    sureEnough,
                    RuleScanner.Surroundings.ARE_KNOWN,
                    keyPhrases);
            this.verification = new Verification(index, text.text(), workspace, scoring, frontier);
        }

        void scan() {
            Candidates candidates = workspace.candidates();
            memory.recall(candidates, from);
            scanner.scan(text.text(), Math.max(0, from + memory.unscanned()), candidates, frontier);
        }

        List<Verification.Match> verify() {
            matches = verification.rest(from, memory);
            return matches;
        }

        /// Holds what a trigger that may yet come would make the beginning of a match.
        void holdForTriggers(Frontier open) {
            String all = text.text();
            int end = Math.min(open.live(), all.length());
            for (int at = Math.max(from, all.length() - farthest); at < end && at < open.live(); at++) {
                if (Places.begins(all, at)) {
                    for (int item : beginnings.at(all, at, true)) {
                        workspace.budget().spend(Budget.TRY);
                        int number = reaching[item];
                        if (at >= all.length() - reach(number) - longestLiteral
                                && verification.mayYetMatch(number, at)) {
                            open.live(at, index.rule(number).entity());
                            break;
                        }
                    }
                }
            }
        }

        void score(List<Span> into) {
            scoring.spans(matches, false, into);
        }

        /// Not to be called after a failure: what was under way then holds text.
        Look.Part end() {
            int[] phrases = workspace
                    .candidates()
                    .phrases(from - GrowingScanner.LOOKS_BACK, text.text().length());
            workspace.end();
            workspaces.give(workspace);
            return new Look.Part(index, phrases, verification.rejected());
        }
    }
}
