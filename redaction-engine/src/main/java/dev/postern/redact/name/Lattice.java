package dev.postern.redact.name;

import java.util.Arrays;

/// The tags of one sentence under a linear chain: the likeliest sequence, and how likely each tag is at each token. One
/// thread. All arithmetic is the same on every machine, so that training is too.
final class Lattice {
    private static final int TAGS = Tags.COUNT;

    /// Scores per token and tag; the caller fills them.
    final double[][] scores;
    /// How likely, after [#weigh].
    final double[][] likely;
    private final double[][] forward;
    private final double[][] backward;
    private final double[][] grown;
    private final byte[][] from;
    private final Pairs pairs;

    /// For sentences of so many tokens at most.
    Lattice(Pairs pairs, int tokens) {
        this.pairs = pairs;
        scores = new double[tokens][TAGS];
        likely = new double[tokens][TAGS];
        forward = new double[tokens][TAGS];
        backward = new double[tokens][TAGS];
        grown = new double[tokens][TAGS];
        from = new byte[tokens][TAGS];
    }

    /// The scores of neighbouring tags; forbidden pairs are left out whatever their score.
    static final class Pairs {
        private final double[] scores = new double[TAGS * TAGS];
        private final double[] grown = new double[TAGS * TAGS];

        void set(float[] given) {
            for (int pair = 0; pair < given.length; pair++) {
                boolean allowed = Tags.mayFollow(pair / TAGS, pair % TAGS);
                scores[pair] = allowed ? given[pair] : Double.NEGATIVE_INFINITY;
                grown[pair] = allowed ? StrictMath.exp(given[pair]) : 0;
            }
        }
    }

    /// A token that is no part of a name.
    void rest(int token) {
        Arrays.fill(scores[token], Double.NEGATIVE_INFINITY);
        scores[token][Tags.OUTSIDE] = 0;
    }

    /// The likeliest tags.
    void decode(int tokens, int[] tags) {
        double[] best = forward[0];
        for (int tag = 0; tag < TAGS; tag++) {
            best[tag] = Tags.mayFollow(Tags.OUTSIDE, tag) ? scores[0][tag] : Double.NEGATIVE_INFINITY;
        }
        for (int i = 1; i < tokens; i++) {
            double[] next = forward[i];
            for (int tag = 0; tag < TAGS; tag++) {
                int source = Tags.OUTSIDE;
                double highest = Double.NEGATIVE_INFINITY;
                if (scores[i][tag] != Double.NEGATIVE_INFINITY) {
                    // A further token has but two tags before it.
                    int first = Tags.isFurther(tag) ? tag - 1 : 0;
                    int last = Tags.isFurther(tag) ? tag : TAGS - 1;
                    for (int before = first; before <= last; before++) {
                        double score = best[before] + pairs.scores[before * TAGS + tag];
                        if (score > highest) {
                            highest = score;
                            source = before;
                        }
                    }
                }
                next[tag] = highest + scores[i][tag];
                from[i][tag] = (byte) source;
            }
            best = next;
        }
        int tag = Tags.OUTSIDE;
        for (int candidate = 1; candidate < TAGS; candidate++) {
            if (best[candidate] > best[tag]) {
                tag = candidate;
            }
        }
        for (int i = tokens - 1; i >= 0; i--) {
            tags[i] = tag;
            tag = from[i][tag];
        }
    }

    /// Fills [#likely].
    void weigh(int tokens) {
        for (int i = 0; i < tokens; i++) {
            double highest = Double.NEGATIVE_INFINITY;
            for (double score : scores[i]) {
                highest = Math.max(highest, score);
            }
            for (int tag = 0; tag < TAGS; tag++) {
                double score = scores[i][tag];
                grown[i][tag] =
                        score == highest ? 1 : score == Double.NEGATIVE_INFINITY ? 0 : StrictMath.exp(score - highest);
            }
        }
        for (int tag = 0; tag < TAGS; tag++) {
            forward[0][tag] = Tags.mayFollow(Tags.OUTSIDE, tag) ? grown[0][tag] : 0;
        }
        normalise(forward[0]);
        for (int i = 1; i < tokens; i++) {
            for (int tag = 0; tag < TAGS; tag++) {
                double sum = 0;
                if (grown[i][tag] != 0) {
                    int first = Tags.isFurther(tag) ? tag - 1 : 0;
                    int last = Tags.isFurther(tag) ? tag : TAGS - 1;
                    for (int before = first; before <= last; before++) {
                        sum += forward[i - 1][before] * pairs.grown[before * TAGS + tag];
                    }
                }
                forward[i][tag] = sum * grown[i][tag];
            }
            normalise(forward[i]);
        }
        Arrays.fill(backward[tokens - 1], 1);
        for (int i = tokens - 2; i >= 0; i--) {
            for (int tag = 0; tag < TAGS; tag++) {
                double sum = 0;
                for (int after = 0; after < TAGS; after++) {
                    sum += pairs.grown[tag * TAGS + after] * grown[i + 1][after] * backward[i + 1][after];
                }
                backward[i][tag] = sum;
            }
            normalise(backward[i]);
        }
        for (int i = 0; i < tokens; i++) {
            for (int tag = 0; tag < TAGS; tag++) {
                likely[i][tag] = forward[i][tag] * backward[i][tag];
            }
            normalise(likely[i]);
        }
    }

    /// How likely two tags are at tokens `i - 1` and `i`, after [#weigh], but for a factor all pairs share.
    double likelyPair(int i, int before, int tag) {
        return forward[i - 1][before] * pairs.grown[before * TAGS + tag] * grown[i][tag] * backward[i][tag];
    }

    private static void normalise(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        if (sum > 0) {
            for (int i = 0; i < values.length; i++) {
                values[i] /= sum;
            }
        }
    }
}
