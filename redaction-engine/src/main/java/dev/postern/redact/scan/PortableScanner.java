package dev.postern.redact.scan;

/// The scanner that needs nothing but the JDK. At every place where something may begin, an automaton over the next few
/// characters tells which rules, literals and phrases may. Literals are looked for inside words as well, where their
/// first two letters stand. Nothing is allocated for what does not match.
final class PortableScanner implements CandidateScanner {
    private final PlaceAutomaton automaton;
    private final Sightings sightings;
    private final int delay;

    PortableScanner(RuleIndex index) {
        this.automaton = new PlaceAutomaton(index.shapes());
        this.sightings = new Sightings(index);
        this.delay = Math.max(PlaceAutomaton.DEPTH, index.longestWord()) + 1;
    }

    @Override
    public void scan(CharSequence text, Candidates candidates) {
        scan(text, 0, text.length(), candidates);
    }

    private void scan(CharSequence text, int from, int to, Candidates candidates) {
        for (int place = from; place < to; place++) {
            boolean begins = Places.begins(text, place);
            if (begins || sightings.opens(text, place)) {
                for (int item : automaton.at(text, place)) {
                    sightings.add(text, place, begins, item, candidates);
                }
            }
        }
    }

    @Override
    public CandidateStream stream() {
        return new Stream();
    }

    private final class Stream implements CandidateStream {
        private final StreamWindow window = new StreamWindow();
        private int next;

        @Override
        public void feed(CharSequence piece, Candidates candidates) {
            window.add(piece);
            propose(window.end() - delay, candidates);
        }

        @Override
        public void end(Candidates candidates) {
            propose(window.end(), candidates);
        }

        private void propose(int to, Candidates candidates) {
            if (to > next) {
                candidates.countFrom(window.start());
                scan(window.text(), next - window.start(), to - window.start(), candidates);
                next = to;
                window.forgetBefore(next);
            }
        }

        @Override
        public int delay() {
            return delay;
        }

        @Override
        public void close() {
            // Nothing but heap.
        }
    }
}
