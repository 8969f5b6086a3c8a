package dev.postern.redact.name;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.entity.Entity;
import dev.postern.redact.pack.MarkedText;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NameDetectorTest {
    private static final Detection DETECTION = Detection.standard();
    private static final Entity PERSON = DETECTION.entity("PERSON");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "My name is «Jane Doe» and I live in Berlin.",
                "Please write to «Maria Garcia» about the invoice.",
                "Dr. «Zorblatt» will see you now.",
                "Mrs «Ada Quux» called.",
                "Dear «Thorvald», thanks.",
                "I met «Anna Kowalska» and «Piotr Nowak» yesterday.",
                "«Alice»'s order is late.",
                "Patient «Ludwig van Beethoven» was admitted.",
                "The author is «J. K. Rowling» though. Not «J. Smith».",
                "my name is «john smith»",
                "Signed by «JOHN SMITH» today.",
                "«Anne-Marie O'Brien» wrote the report.",
                "Is «Will Smith» free in May?",
                "Herr «Müller» und Frau «Schäfer» kommen.",
                "Name: «Xenu Qwertz»",
                "«Jean-Pierre Dupont» a dit bonjour."
            })
    void namesAreFound(String marked) {
        MarkedText example = MarkedText.of(marked);
        assertThat(found(example.text())).isEqualTo(example.values());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "The weather in London is fine. However, Paris is better.",
                "May I ask Will you come?",
                "Summarise the Chapter about Spring Boot and Docker.",
                "Explain Newton and the Python Software Foundation.",
                "I am tired. You said Monday, April 5.",
                "Morgan Stanley and the Smith Street office",
                "NASA AND ESA SIGNED A TREATY",
                "Write a function named parseInput in Java.",
                "Mark the item as done and grant access to the hope project."
            })
    void ordinarySentencesAreLeftAlone(String text) {
        assertThat(found(text)).isEmpty();
    }

    private static List<String> found(String text) {
        return MarkedText.found(text, DETECTION.detect(text, ""), PERSON);
    }
}
