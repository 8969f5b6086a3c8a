package dev.postern.redact.scan;

import org.jspecify.annotations.Nullable;

/// The scanner that needs nothing but the JDK. At every place where something may begin, an automaton over the next few
/// characters tells which rules, literals and phrases may. Literals are looked for inside words as well, where their
/// first two letters stand. Nothing is allocated for what does not match.
final class PortableScanner implements CandidateScanner {
    private final RuleIndex index;
    private final PlaceAutomaton automaton;
    private final Sightings sightings;
    private final boolean counts;

    PortableScanner(RuleIndex index) {
        this.index = index;
        this.automaton = new PlaceAutomaton(index.shapes(), index.effort());
        this.sightings = new Sightings(index);
        this.counts = index.effort().limited();
    }

    /// Like [#scan] for the places from `from` on.
    ///
    /// @param frontier takes what the last characters may begin; null of a text that has ended
    void scan(CharSequence text, int from, Candidates candidates, @Nullable Frontier frontier) {
        for (int place = from; place < text.length(); place++) {
            look(text, place, candidates, frontier);
        }
    }

    /// Like [#scan] for one place.
    void look(CharSequence text, int place, Candidates candidates, @Nullable Frontier frontier) {
        boolean begins = Places.begins(text, place);
        if (!begins && !sightings.mayOpen(text, place)) {
            return;
        }
        for (int item : automaton.at(text, place, frontier != null)) {
            sight(text, place, begins, item, candidates, frontier);
        }
        for (int item : index.foreign(text.charAt(place))) {
            sight(text, place, begins, item, candidates, frontier);
        }
    }

    private void sight(
            CharSequence text,
            int place,
            boolean begins,
            int item,
            Candidates candidates,
            @Nullable Frontier frontier) {
        if (counts) {
            // What may begin here is compared character by character.
            candidates.spend(index.isRule(item) ? 1 : 1 + index.wordLength(item) / 4);
        }
        if (frontier == null || index.isRule(item)) {
            sightings.add(text, place, begins, item, candidates);
        } else if (place + index.wordLength(item) <= text.length()) {
            if (Sightings.stands(text, place, index.word(item))) {
                openWord(text, place, item, candidates, frontier);
            }
        } else if (matters(place, item, frontier) && begun(text, place, index.word(item))) {
            openBegun(place, item, frontier);
        }
    }

    private void openWord(CharSequence text, int place, int item, Candidates candidates, Frontier frontier) {
        if (index.isPhrase(item) && place + index.word(item).length() == text.length()) {
            // Whether it is a whole word is not known.
            frontier.phrase(place);
        } else {
            sightings.word(text, place, item, candidates);
        }
    }

    /// Whether a word that has begun here would hold the text further back than others do.
    private boolean matters(int place, int item, Frontier frontier) {
        return place < (index.isPhrase(item) ? frontier.nextPhrase(Integer.MAX_VALUE) : frontier.live());
    }

    private void openBegun(int place, int item, Frontier frontier) {
        if (index.isPhrase(item)) {
            frontier.phrase(place);
            return;
        }
        // Of the rules at one place the first counts.
        int[] triggered = index.triggered(item);
        if (triggered.length > 0) {
            frontier.live(place, index.rule(triggered[0]).entity());
        }
    }

    /// Whether a text that ends within the word begins it.
    private static boolean begun(CharSequence text, int place, String word) {
        for (int i = 0; i < text.length() - place; i++) {
            if (Character.toLowerCase(text.charAt(place + i)) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void scan(CharSequence text, Candidates candidates) {
        scan(text, 0, candidates, null);
    }
}
