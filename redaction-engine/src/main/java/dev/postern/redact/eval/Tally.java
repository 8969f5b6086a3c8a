package dev.postern.redact.eval;

/// What was found of one entity, by values and by characters.
///
/// A value counts as found when spans of its own entity cover 90 % of it, as covered when any spans do.
public final class Tally {
    private int values;
    private int found;
    private int covered;
    private int weak;
    private int weakCovered;
    private int reported;
    private int reportedRight;
    private long characters;
    private long charactersFound;
    private long charactersReported;
    private int negatives;
    private int flagged;

    void value(boolean own, boolean any, boolean isWeak) {
        if (isWeak) {
            weak++;
            weakCovered += any ? 1 : 0;
            return;
        }
        values++;
        found += own ? 1 : 0;
        covered += any ? 1 : 0;
    }

    void report(boolean right) {
        reported++;
        reportedRight += right ? 1 : 0;
    }

    void characters(int labelled, int both, int reportedCharacters) {
        characters += labelled;
        charactersFound += both;
        charactersReported += reportedCharacters;
    }

    void negative(boolean wasFlagged) {
        negatives++;
        flagged += wasFlagged ? 1 : 0;
    }

    void add(Tally other) {
        values += other.values;
        found += other.found;
        covered += other.covered;
        weak += other.weak;
        weakCovered += other.weakCovered;
        reported += other.reported;
        reportedRight += other.reportedRight;
        characters += other.characters;
        charactersFound += other.charactersFound;
        charactersReported += other.charactersReported;
        negatives += other.negatives;
        flagged += other.flagged;
    }

    /// Values that are not weak.
    public int values() {
        return values;
    }

    public int found() {
        return found;
    }

    public int covered() {
        return covered;
    }

    public int weak() {
        return weak;
    }

    public int weakCovered() {
        return weakCovered;
    }

    public int negatives() {
        return negatives;
    }

    /// Negatives in which its own entity was found.
    public int flagged() {
        return flagged;
    }

    public double recall() {
        return ratio(found, values);
    }

    public double coverage() {
        return ratio(covered, values);
    }

    public double precision() {
        return ratio(reportedRight, reported);
    }

    public double characterRecall() {
        return ratio(charactersFound, characters);
    }

    public double characterPrecision() {
        return ratio(charactersFound, charactersReported);
    }

    /// The weighted harmonic mean of precision and recall; beta 2 weighs recall four times.
    public static double f(double beta, double precision, double recall) {
        double square = beta * beta;
        return precision + recall == 0 ? 0 : (1 + square) * precision * recall / (square * precision + recall);
    }

    /// 1 when there was nothing to count.
    private static double ratio(long part, long whole) {
        return whole == 0 ? 1 : (double) part / whole;
    }
}
