package dev.postern.redact.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.detection.DetectionSettings;
import dev.postern.redact.name.NameKind;
import dev.postern.redact.name.UnusableNameModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelDirectoryTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void copy() throws IOException {
        for (String name : new String[] {"model.onnx", "tokenizer.json", "config.json"}) {
            Files.copy(OnnxNameTierTest.TINY.resolve(name), folder.resolve(name));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.onnx", "tokenizer.json", "config.json"})
    void fileWhenMissingOrBrokenThenSaidWhich(String name) throws IOException {
        Files.writeString(folder.resolve(name), "{]");
        assertRefused(name);
        Files.delete(folder.resolve(name));
        assertRefused("has no " + name);
    }

    @Test
    void labelWhenUnknownThenRefusedByName() throws IOException {
        config("{\"id2label\": {\"0\": \"O\", \"1\": \"B-GENE\"}}");
        assertRefused("\"B-GENE\"", "id2label");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | id2label",
                "{\"id2label\": {\"1\": \"O\"}} | no label 0",
                "{\"id2label\": {\"0\": 7}} | no label 0",
                "{\"id2label\": {\"0\": \"O\"}, \"max_position_embeddings\": 3} | max_position_embeddings",
                "{\"id2label\": {\"0\": \"O\", \"1\": \"B-PER\"}} | labels of config.json"
            })
    void configWhenItDoesNotFitThenRefused(String config, String why) throws IOException {
        config(config);
        assertRefused(why);
    }

    @ParameterizedTest
    @CsvSource({
        "B-PER, PERSON, true",
        "I-PER, PERSON, false",
        "E-PERSON, PERSON, false",
        "S-ORG, ORGANIZATION, true",
        "PER, PERSON, false",
        "ORG, ORGANIZATION, false",
        "B-GPE, LOCATION, true",
        "U-NORP, NRP, true",
        "B-WORK_OF_ART, OTHER, true"
    })
    void labelsAreKindsOfNames(String label, NameKind kind, boolean begins) {
        assertThat(TagLabel.of(label)).isEqualTo(new TagLabel(Optional.of(kind), begins));
    }

    private void config(String document) throws IOException {
        Files.writeString(folder.resolve("config.json"), document);
    }

    private void assertRefused(String... why) {
        assertThatThrownBy(() -> Detection.standard(DetectionSettings.STANDARD.withNameModel(Optional.of(folder))))
                .isInstanceOf(UnusableNameModel.class)
                .satisfies(refused -> assertThat(refused.getMessage()).contains(why));
    }
}
