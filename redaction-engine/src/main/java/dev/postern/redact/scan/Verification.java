package dev.postern.redact.scan;

import dev.postern.redact.check.Check;
import dev.postern.redact.check.Checks;
import dev.postern.redact.check.OpenEndedCheck;
import dev.postern.redact.entity.Entity;
import dev.postern.redact.pack.Rule;
import dev.postern.redact.pack.Trigger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/// Decides over what a scanner proposed for one text. One thread.
@SuppressWarnings("JdkObsolete") // what a text that goes on may still become is what hitEnd() is for
final class Verification {
    /// Costly checks that may fail in one text. A text with more is a table of numbers or an attack on our time: from
    /// then on the shape decides, which can only hide more.
    private static final int MOST_REJECTED = 100;
    /// Characters of a text that will not soon be given up for its length. Of one that is, what stands behind what is
    /// held counts, too: a private key may begin there.
    private static final int SHORT = 512;

    private final RuleIndex index;
    private final String text;
    private final Workspace workspace;
    private final Budget budget;
    private final Scoring scoring;
    private final @Nullable Frontier frontier;
    private final List<Match> matches = new ArrayList<>();
    /// Rule and place of costly checks that failed.
    private final List<int[]> rejected = new ArrayList<>();
    private int first;
    private @Nullable Memory remembered;

    /// @param rule its number in the index
    record Match(int rule, int start, int end) {}

    /// @param workspace with the candidates of the text
    /// @param frontier takes what the end of the text leaves open; null when nothing follows the text
    Verification(RuleIndex index, String text, Workspace workspace, Scoring scoring, @Nullable Frontier frontier) {
        this.index = index;
        this.text = text;
        this.workspace = workspace;
        this.budget = workspace.budget();
        this.scoring = scoring;
        this.frontier = frontier;
    }

    /// The matches of a text's rest.
    ///
    /// @param from where the rest begins
    List<Match> rest(int from, Memory known) {
        first = from;
        remembered = known;
        for (int i = 0; i < known.rejected().length; i++) {
            if (known.rejected()[i] > 0) {
                workspace.rejected(index.costly()[i], known.rejected()[i]);
            }
        }
        return matches(_ -> true);
    }

    /// The matches of wanted entities.
    List<Match> matches(Predicate<Entity> wanted) {
        Candidates candidates = workspace.candidates();
        for (int i = 0; i < candidates.count(); i++) {
            int number = candidates.rule(i);
            Rule rule = index.rule(number);
            if (wanted.test(rule.entity())) {
                int place = candidates.place(i);
                int reach = rule.trigger() instanceof Trigger.Literal literal ? literal.reach() : 0;
                int earliest = Math.max(first, place - reach);
                budget.spend(reach);
                for (int at = Math.max(workspace.from(number), earliest);
                        at <= place && at < held();
                        at = Math.max(at + 1, workspace.from(number))) {
                    if (at == place || Places.begins(text, at)) {
                        attempt(number, rule, at);
                    }
                }
            }
        }
        return matches;
    }

    /// From where on nothing need be looked for: the next look comes by it again.
    private int held() {
        return frontier == null || text.length() - first > SHORT ? Integer.MAX_VALUE : frontier.live();
    }

    /// Whether more text could make the rule match here, were it tried.
    boolean mayYetMatch(int number, int place) {
        Rule rule = index.rule(number);
        if (rule.wholeWords() && !Places.wordBegins(text, place)) {
            return false;
        }
        if (!index.prospect(number).mayMatch(text, place, true)) {
            return false;
        }
        budget.spend(Budget.TRY);
        Matcher matcher = workspace.matcher(number);
        boolean matched = matcher.region(place, text.length()).lookingAt();
        return undecided(matcher, matched) || (matched && !proposed(number, place));
    }

    /// Whether what triggers a rule stands where the rule is tried here. If not it may yet come, behind the match.
    private boolean proposed(int number, int place) {
        int reach = index.rule(number).trigger() instanceof Trigger.Literal literal ? literal.reach() : 0;
        Candidates candidates = workspace.candidates();
        budget.spend(candidates.count());
        for (int i = 0; i < candidates.count(); i++) {
            int at = candidates.place(i);
            if (candidates.rule(i) == number && at >= place && at <= place + reach) {
                return true;
            }
        }
        return false;
    }

    /// Whether more text could change what the matcher said. This is what streaming asks for.
    @SuppressWarnings("JdkObsolete")
    private static boolean undecided(Matcher matcher, boolean matched) {
        return matcher.hitEnd() || (matched && matcher.requireEnd());
    }

    /// Rule and place of the costly checks of a text that goes on that have failed.
    List<int[]> rejected() {
        return rejected;
    }

    private void attempt(int number, Rule rule, int place) {
        budget.spend(Budget.TRY);
        if (rule.wholeWords() && !Places.wordBegins(text, place)) {
            return;
        }
        int known = frontier == null ? Integer.MAX_VALUE : frontier.nextPhrase(text.length());
        if (!scoring.mayReachFrom(number, place, known)
                || !index.prospect(number).mayMatch(text, place, frontier != null)) {
            return;
        }
        Matcher matcher = workspace.matcher(number);
        boolean matched = matcher.region(place, text.length()).lookingAt();
        if (frontier != null && undecided(matcher, matched)) {
            frontier.live(place, rule.entity());
            return;
        }
        if (!matched) {
            return;
        }
        int start = matcher.start(index.valueGroup(number));
        int end = matcher.end(index.valueGroup(number));
        if (start < 0) {
            return;
        }
        // The score first: it is cheap, and what cannot reach the threshold needs no check. Nor does what a surer
        // rule of the same entity has found already.
        boolean found = known(rule, start, end);
        if (found || !scoring.mayReach(number, start, end)) {
            if (frontier != null && !found && scoring.mayYetReach(number, end, frontier)) {
                frontier.live(place, rule.entity());
            }
            workspace.from(number, place + 1);
            return;
        }
        decide(number, rule, place, start, end, matcher.end());
    }

    private void decide(int number, Rule rule, int place, int start, int end, int matchedTo) {
        boolean byShape = rule.costly() && workspace.rejected(number) >= MOST_REJECTED;
        int accepted = byShape ? end : check(number, rule, start, end);
        int next;
        if (accepted > start) {
            matches.add(new Match(number, start, accepted));
            next = Math.max(accepted, place + 1);
        } else {
            assert accepted == Check.REJECTED;
            workspace.rejected(number, workspace.rejected(number) + 1);
            if (frontier != null && rule.costly()) {
                rejected.add(new int[] {number, place});
            }
            // A rejected match may hide a shorter one that starts inside it.
            next = rule.skipsRejected() ? Math.max(matchedTo, place + 1) : place + 1;
        }
        workspace.from(number, next);
        if (frontier != null) {
            frontier.joined(place, next);
            if (accepted > start) {
                open(frontier, matches.getLast(), rule, place, matchedTo);
            }
        }
    }

    /// A stream comes by the same match several times before it is decided.
    private int check(int number, Rule rule, int start, int end) {
        if (!rule.check().equals(Checks.NONE)) {
            budget.spend(Budget.CHECK + Budget.CHECK_CHARACTER * (end - start));
        }
        if (remembered == null || !rule.costly()) {
            return accepted(rule, start, end);
        }
        int known = remembered.result(number, start - first, end - first);
        if (known == Memory.UNKNOWN) {
            int accepted = accepted(rule, start, end);
            remembered.result(number, start - first, end - first, accepted < 0 ? accepted : accepted - first);
            return accepted;
        }
        return known < 0 ? known : known + first;
    }

    /// Checks know what the patterns of the built-in packs give them. What they cannot read because a tenant's pattern
    /// gave it counts as a value: that can only hide more.
    private int accepted(Rule rule, int start, int end) {
        if (!index.effort().limited()) {
            return rule.check().accept(text, start, end);
        }
        try {
            return rule.check().accept(text, start, end);
        } catch (RuntimeException _) {
            return end;
        }
    }

    /// Tells what of a match the text's end leaves open.
    private void open(Frontier open, Match match, Rule rule, int place, int matchedTo) {
        if (rule.check() instanceof OpenEndedCheck check && check.closed(text, matchedTo) == OpenEndedCheck.OPEN) {
            open.block(new OpenValue(match.start(), matchedTo, rule.entity(), check.closing()));
        } else if (scoring.mayYetRise(match, open)) {
            if (scoring.reaches(match)) {
                open.loose(match, rule.entity());
            } else {
                open.live(place, rule.entity());
            }
        }
    }

    private boolean known(Rule rule, int start, int end) {
        if (matches.isEmpty()) {
            return false;
        }
        Match last = matches.getLast();
        Rule surer = index.rule(last.rule());
        return last.start() == start
                && last.end() >= end
                && surer.entity().equals(rule.entity())
                && surer.scores().atLeast(rule.scores())
                && !scoring.isVoid(last);
    }
}
