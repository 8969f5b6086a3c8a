package dev.postern.redact.name;

import dev.postern.redact.data.DataFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/// Writes the built-in model of names: `TrainNames FILE`. The same sources give the same bytes.
final class TrainNames {
    static final long SEED = 20_261_126;
    private static final int BITS = 18;
    private static final int ROUNDS = 2;

    private TrainNames() {}

    /// A language's templates and how many texts are written of each.
    record Course(String language, List<String> files, int times) {}

    static final List<Course> COURSES = List.of(
            new Course("en", List.of("english-words", "english", "english-prose"), 300),
            new Course("en", List.of("english-words", "identifiers"), 1_500),
            new Course("de", List.of("english-words", "german"), 300),
            new Course("fr", List.of("english-words", "french"), 250),
            new Course("es", List.of("english-words", "spanish"), 250),
            new Course("it", List.of("english-words", "italian"), 250),
            new Course("nl", List.of("english-words", "dutch"), 250),
            new Course("pl", List.of("english-words", "polish"), 250));

    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        byte[] model = train(COURSES, 1, BITS, ROUNDS).toBytes();
        Files.write(file, model);
        System.out.println(file + ": " + model.length + " bytes");
    }

    static NameModel train(List<Course> courses, int share, int bits, int rounds) {
        List<TrainingText> texts = new ArrayList<>();
        Set<String> words = new TreeSet<>();
        Random random = new Random(SEED);
        for (Course course : courses) {
            Grammar grammar = grammar(course);
            words.addAll(grammar.words());
            for (int template = 0; template < grammar.templates(); template++) {
                for (int i = 0; i < course.times() / share; i++) {
                    texts.add(varied(grammar.write(template, random), random));
                }
            }
        }
        Gazetteer gazetteer = KnownWords.gazetteer(new TrainingLists("en"), words);
        return new ChainTrainer(gazetteer, bits, SEED).train(texts, rounds);
    }

    static Grammar grammar(Course course) {
        List<String> lines = new ArrayList<>();
        for (String file : course.files()) {
            lines.addAll(DataFiles.lines(TrainNames.class, "templates/" + file + ".txt"));
        }
        return new Grammar(new TrainingLists(course.language()), lines);
    }

    private static TrainingText varied(TrainingText text, Random random) {
        int draw = random.nextInt(100);
        if (draw < 10) {
            return text.lowerCase();
        }
        if (draw < 13) {
            return text.lowerCaseNames();
        }
        return draw < 15 ? text.capitals() : text;
    }
}
