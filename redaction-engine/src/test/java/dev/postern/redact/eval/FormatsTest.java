package dev.postern.redact.eval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.entity.Taxonomy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The generated cases of every format: as a whole, so that a rule for one country is not paid for by another's.
class FormatsTest {
    private static final Path CASES =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("../testdata/redaction/formats.jsonl");

    @Test
    void formatsOfAllCountriesAreFoundInAllPlaces() throws IOException {
        Tally all = Evaluation.of(LabelledFiles.read(Files.readString(CASES)), Detection.standard(), Taxonomy.PRESIDIO)
                .all();

        assertThat(all.coverage()).isGreaterThan(0.99);
        assertThat(all.recall()).isGreaterThan(0.92);
        assertThat((double) all.flagged() / all.negatives()).isLessThan(0.01);
    }
}
