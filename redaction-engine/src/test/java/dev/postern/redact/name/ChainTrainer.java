package dev.postern.redact.name;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Trains the linear chain by stochastic gradient ascent on the likelihood of the texts' tags (AdaGrad). The same texts
/// and seed give the same model, bit by bit, on every machine.
final class ChainTrainer {
    private static final int TAGS = Tags.COUNT;
    /// Names of training texts that are made unknown, so that surroundings must tell.
    private static final double FORGOTTEN = 0.3;
    private static final double LEFT_OUT = 0.5;
    private static final float RATE = 0.12f;

    private final Gazetteer gazetteer;
    private final int bits;
    private final Random random;
    private final float[] weights;
    private final float[] moved;
    private final float[] pairs = new float[TAGS * TAGS];
    private final float[] pairsMoved = new float[TAGS * TAGS];
    private final Lattice.Pairs pairScores = new Lattice.Pairs();
    private final Lattice lattice = new Lattice(pairScores, Sentence.CAPACITY);
    private final Features features = new Features();
    private final int[][] rows = new int[Sentence.CAPACITY][];
    private final double[] gradient = new double[TAGS];

    ChainTrainer(Gazetteer gazetteer, int bits, long seed) {
        this.gazetteer = gazetteer;
        this.bits = bits;
        this.random = new Random(seed);
        weights = new float[TAGS << bits];
        moved = new float[TAGS << bits];
        Arrays.fill(moved, 0.1f);
        Arrays.fill(pairsMoved, 1f);
    }

    NameModel train(List<TrainingText> texts, int rounds) {
        List<TrainingText> order = new ArrayList<>(texts);
        for (int round = 0; round < rounds; round++) {
            Collections.shuffle(order, random);
            for (TrainingText text : order) {
                learn(text);
            }
        }
        return NameModel.of(gazetteer, weights, bits, pairs);
    }

    private void learn(TrainingText text) {
        char[] lower = text.text().toCharArray();
        for (int i = 0; i < lower.length; i++) {
            lower[i] = Character.toLowerCase(lower[i]);
        }
        SentenceReader reader = new SentenceReader(text.text(), new String(lower), gazetteer);
        Sentence sentence = new Sentence();
        int[] truth = new int[Sentence.CAPACITY];
        while (reader.next(sentence)) {
            tag(sentence, text.names(), truth);
            forget(sentence, truth);
            step(sentence, truth);
        }
    }

    static void tag(Sentence sentence, List<TrainingText.Name> names, int[] truth) {
        for (int i = 0; i < sentence.size(); i++) {
            truth[i] = Tags.OUTSIDE;
            for (TrainingText.Name name : names) {
                if (sentence.start[i] >= name.start() && sentence.end[i] <= name.end()) {
                    boolean further = i > 0 && sentence.start[i - 1] >= name.start();
                    truth[i] = further && truth[i - 1] != Tags.OUTSIDE
                            ? Tags.further(name.kind())
                            : Tags.first(name.kind());
                }
            }
        }
    }

    private void forget(Sentence sentence, int[] truth) {
        for (int i = 0; i < sentence.size(); i++) {
            if (truth[i] != Tags.OUTSIDE && random.nextDouble() < FORGOTTEN) {
                sentence.classes[i] &= ~(WordClass.NAMES | WordClass.PLACES | WordClass.ORGANIZATION.bit());
            }
        }
    }

    private void step(Sentence sentence, int[] truth) {
        pairScores.set(pairs);
        features.read(sentence);
        int size = sentence.size();
        for (int i = 0; i < size; i++) {
            if (sentence.idle(i) && truth[i] == Tags.OUTSIDE) {
                lattice.rest(i);
                rows[i] = new int[0];
            } else {
                score(i, features.of(sentence, i));
            }
        }
        lattice.weigh(size);
        for (int i = 0; i < size; i++) {
            if (rows[i].length > 0) {
                move(i, truth[i]);
            }
        }
        movePairs(size, truth);
    }

    private void score(int token, int count) {
        int[] kept = new int[count];
        int n = 0;
        for (int i = 0; i < count; i++) {
            if (random.nextDouble() >= LEFT_OUT) {
                kept[n++] = (features.hashes[i] >>> (Integer.SIZE - bits)) * TAGS;
            }
        }
        rows[token] = Arrays.copyOf(kept, n);
        double[] scores = lattice.scores[token];
        Arrays.fill(scores, 0);
        for (int row : rows[token]) {
            for (int tag = 0; tag < TAGS; tag++) {
                scores[tag] += weights[row + tag];
            }
        }
    }

    private void move(int token, int truth) {
        double[] likely = lattice.likely[token];
        if (likely[truth] > 0.999) {
            return;
        }
        for (int tag = 0; tag < TAGS; tag++) {
            gradient[tag] = (tag == truth ? 1 : 0) - likely[tag];
        }
        for (int row : rows[token]) {
            for (int tag = 0; tag < TAGS; tag++) {
                float slope = (float) gradient[tag];
                moved[row + tag] += slope * slope;
                weights[row + tag] += RATE * slope / (float) Math.sqrt(moved[row + tag]);
            }
        }
    }

    private void movePairs(int size, int[] truth) {
        double[] expected = new double[TAGS * TAGS];
        for (int i = 1; i < size; i++) {
            double sum = 0;
            for (int before = 0; before < TAGS; before++) {
                for (int tag = 0; tag < TAGS; tag++) {
                    sum += lattice.likelyPair(i, before, tag);
                }
            }
            for (int before = 0; before < TAGS && sum > 0; before++) {
                for (int tag = 0; tag < TAGS; tag++) {
                    expected[before * TAGS + tag] += lattice.likelyPair(i, before, tag) / sum;
                }
            }
            expected[truth[i - 1] * TAGS + truth[i]] -= 1;
        }
        for (int pair = 0; pair < pairs.length; pair++) {
            float slope = (float) -expected[pair];
            if (slope != 0) {
                pairsMoved[pair] += slope * slope;
                pairs[pair] += RATE * slope / (float) Math.sqrt(pairsMoved[pair]);
            }
        }
    }
}
