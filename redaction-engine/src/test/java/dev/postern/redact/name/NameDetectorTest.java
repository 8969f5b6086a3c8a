package dev.postern.redact.name;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.entity.Entity;
import dev.postern.redact.pack.MarkedText;
import org.junit.jupiter.api.Test;
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
                "Name: «Xenu Qwertz»",
                "hey «john» can you call «sarah» about the invoice",
                "my name is «anna kowalska» and i live in warsaw",
                "Kind regards,\n«Priya Raman»",
                "«García, María» <x@example.org>"
            })
    void namesAreFound(String marked) {
        assertFound(marked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Ich heiße «Anna Schmidt» und wohne in Hamburg.",
                "Sehr geehrter Herr «Müller», der Vertrag liegt bei.",
                "Herr «Müller» und Frau «Schäfer» kommen.",
                "Bonjour, je m'appelle «Jean Dupont» et j'habite à Paris.",
                "«Jean-Pierre Dupont» a dit bonjour.",
                "Madame «Lefèvre» a téléphoné hier.",
                "Me llamo «María García López» y vivo en Madrid.",
                "El señor «Fernández» llegó tarde.",
                "Mi chiamo «Giulia Rossi» e abito a Roma.",
                "Il dottor «Bianchi» non risponde.",
                "Mijn naam is «Pieter van den Berg» en ik woon in Utrecht.",
                "Mevrouw «De Vries» belt morgen terug.",
                "Nazywam się «Piotr Kowalczyk» i mieszkam w Krakowie.",
                "Pani «Wiśniewska» złożyła wniosek."
            })
    void namesAreFoundInOtherLanguages(String marked) {
        assertFound(marked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "The weather in London is fine. However, Paris is better.",
                "May I ask Will you come?",
                "Summarise the Chapter about Spring Boot and Docker.",
                "I am tired. You said Monday, April 5.",
                "Write a function named parseInput in Java.",
                "Mark the item as done and grant access to the hope project.",
                "i will mark the item as done and may bill you",
                "Die Rechnung ist noch offen, bitte prüfen Sie das.",
                "Le contrat est prêt depuis lundi.",
                "La reunión es el martes.",
                "La fattura è pronta.",
                "De factuur is nog niet betaald.",
                "Faktura jest gotowa.",
                "Order Confirmation\nTotal Amount: 12\nPrivacy Policy",
                "public class UserService extends BaseService {"
            })
    void ordinarySentencesAreLeftAlone(String text) {
        assertThat(MarkedText.found(text, DETECTION.detect(text, ""), PERSON)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Groetjes, «Owen»",
                "Hoi «Tara», hoe gaat het?",
                " * @author «Henry Zongaro», IBM",
                "Gisteren sprak ik met «Jamie».",
                "Volgens «Lieke Martens» stijgen de prijzen.",
                "<tr><td>«Jane Doe»</td><td>Berlin</td></tr>",
                "It was «DeShawn Miller» who signed."
            })
    void bordersAreThoseOfTheName(String marked) {
        assertFound(marked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "if (len(self) < len(other)): return self.peer(other)",
                "        raise ValueError(msg)",
                "private final Optional<Failure> failure = service.find(peer);",
                "} catch (JacksonException e) { throw failure(e); }",
                "Content-Type: application/json",
                "Ausweis-Nr. 1234",
                " * @param detail the detail message",
                " * @param len the length of it",
                " * @param key  the key, may be null\n * @throws Exception when it is",
                "<tr><td>17</td></tr>",
                "func (p *TextPrinter) Printf(r io.Reader, cfg *Config) error {",
                "        elif isinstance(other, Counter):",
                "    void attributeDecl(\n        String eName,\n        String aName);",
                " * Please contact Oracle, 500 Oracle Parkway\n * or visit www.example.com if you need it",
                "* <li>Reacquire by invoking the underlying version of\n * the lock",
                "    \"LAYERP26\", \"ENERSOL\", \"MSTART\",",
                "    :param nonce: what is used once\n    :param headers: of the request",
                "Set-Cookie: theme=dark; Path=/",
                "  name: db-secret"
            })
    void programsAndFieldsAreNoNames(String text) {
        assertThat(MarkedText.found(text, DETECTION.analyze(text, ""), PERSON)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# Author: «Terrence Blackwood» <tb@example.com>",
                "// Written by «Ayesha Siddiqui», 2019",
                "# TODO(«kevin»): remove this hack",
                " * Contributed by «Josh Bloch» and «Neal Gafter».",
                "String customer = \"«Maria Gonzalez»\";",
                "INSERT INTO users (name, city) VALUES ('«Hiroshi Tanaka»', 'Osaka');",
                "assertEquals(\"«Jane Doe»\", person.getName());",
                "// Thanks to «Raymond Chen» for the idea",
                "<developer><name>«Stefan Bodewig»</name></developer>",
                "@«sandra» pls review",
                "«Ronaldo» >>> «Messi» dont @ me",
                "Yesterday «OYELARAN BABATUNDE» and her sister met «JANEK WOJTYLAK» in Rome."
            })
    void namesInProgramsAndTheirCommentsAreFound(String marked) {
        assertFound(marked);
    }

    @Test
    void placesOrganisationsAndGroupsAreReportedAndStayInPrompts() {
        String text = "Anna Kowalska of Acme Corp flew to Berlin. She is a German citizen.";
        assertThat(MarkedText.found(text, DETECTION.analyze(text, "en"), DETECTION.entity("LOCATION")))
                .containsExactly("Berlin");
        assertThat(MarkedText.found(text, DETECTION.analyze(text, "en"), DETECTION.entity("ORGANIZATION")))
                .containsExactly("Acme Corp");
        assertThat(MarkedText.found(text, DETECTION.analyze(text, "en"), DETECTION.entity("NRP")))
                .containsExactly("German");
        assertThat(DETECTION.detect(text, "").stream().map(span -> text.substring(span.start(), span.end())))
                .containsExactly("Anna Kowalska");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Ship to «48 Maple Avenue, Boston, MA 02115».",
                "Ich wohne in der «Goethestraße 12, 50667 Köln».",
                "J'habite «12 rue de la Paix, 75002 Paris».",
                "Abito in «Via Garibaldi 24».",
                "Mieszkam przy «ul. Polnej 3» od roku."
            })
    void addressesAreFoundWhole(String marked) {
        MarkedText example = MarkedText.of(marked);
        assertThat(MarkedText.found(
                        example.text(), DETECTION.detect(example.text(), ""), DETECTION.entity("STREET_ADDRESS")))
                .isEqualTo(example.values());
    }

    @Test
    void keyIsContext() {
        assertThat(MarkedText.found("anna kowalska", DETECTION.detect("anna kowalska", "assigneeName"), PERSON))
                .containsExactly("anna kowalska");
        assertThat(MarkedText.found("Xenu Qwertz", DETECTION.detect("Xenu Qwertz", "author"), PERSON))
                .containsExactly("Xenu Qwertz");
    }

    private static void assertFound(String marked) {
        MarkedText example = MarkedText.of(marked);
        assertThat(MarkedText.found(example.text(), DETECTION.detect(example.text(), ""), PERSON))
                .isEqualTo(example.values());
    }
}
