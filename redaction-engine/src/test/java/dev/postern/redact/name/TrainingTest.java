package dev.postern.redact.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postern.redact.scan.ScannedText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Training, small: the model in the jar comes of the same code with more texts.
final class TrainingTest {
    private static final List<TrainNames.Course> ENGLISH = List.of(TrainNames.COURSES.getFirst());

    @Test
    void sameSourcesGiveTheSameBytesAndLearn() {
        byte[] model = TrainNames.train(ENGLISH, 75, 14, 1).toBytes();
        assertThat(TrainNames.train(ENGLISH, 75, 14, 1).toBytes()).isEqualTo(model);
        List<String> found = new ArrayList<>();
        ScannedText text = ScannedText.of("My name is Jane Miller and I live here.", "", "");
        new NameClassifier(NameModel.read(model))
                .find(
                        text,
                        (from, to, kind, _) ->
                                found.add(kind + " " + text.text().substring(from, to)));
        assertThat(found).containsExactly("PERSON Jane Miller");
    }

    /// Whoever changes templates, lists or how sentences are read trains it anew.
    @Test
    void modelInTheJarIsWhatTheCommandMakes() throws IOException {
        Path jar = Path.of(System.getProperty("basedir", "")).resolve("src/main/resources/dev/postern/redact/name");
        Path made = Files.createTempFile("names", ".model");
        try {
            TrainNames.main(new String[] {made.toString()});
            assertThat(Files.mismatch(made, jar.resolve("names.model"))).isEqualTo(-1);
        } finally {
            Files.delete(made);
        }
    }

    @Test
    void everyTemplateOfEveryLanguageCanBeWritten() {
        Random random = new Random(3);
        for (TrainNames.Course course : TrainNames.COURSES) {
            Grammar grammar = TrainNames.grammar(course);
            for (int template = 0; template < grammar.templates(); template++) {
                TrainingText text = grammar.write(template, random);
                int end = 0;
                for (TrainingText.Name name : text.names()) {
                    assertThat(name.start()).as(text.text()).isGreaterThanOrEqualTo(end);
                    assertThat(name.end()).as(text.text()).isGreaterThan(name.start());
                    end = name.end();
                }
                assertThat(end).isLessThanOrEqualTo(text.text().length());
            }
        }
    }

    @Test
    void brokenModelsAreRefused() {
        byte[] model = TrainNames.train(ENGLISH, 300, 8, 1).toBytes();
        assertThatIllegalArgumentException().isThrownBy(() -> NameModel.read(new byte[0]));
        assertThatIllegalArgumentException().isThrownBy(() -> NameModel.read(Arrays.copyOf(model, model.length / 2)));
        byte[] huge = model.clone();
        ByteBuffer.wrap(huge).putInt(4, Integer.MAX_VALUE);
        assertThatIllegalArgumentException().isThrownBy(() -> NameModel.read(huge));
    }
}
