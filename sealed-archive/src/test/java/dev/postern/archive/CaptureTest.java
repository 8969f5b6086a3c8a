package dev.postern.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.audit.BodyCaptured;
import dev.postern.audit.SealedPart;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CaptureTest {
    private static final CaptureName NAME = new CaptureName("c-1", "r-1", "demo", "acme", CaptureName.REQUEST);

    private static Map<String, Object> fields(BodyCaptured event) {
        return new HashMap<>(Map.of(
                "capture_id", event.captureId(),
                "request_id", event.requestId(),
                "client_id", event.clientId(),
                "tenant", event.tenant(),
                "kind", event.kind(),
                "part", event.part(),
                "parts", event.parts(),
                "digest", event.digest(),
                "sealed", event.sealed().text()));
    }

    private static List<Map<String, Object>> parts(int octets) {
        byte[] sealed = new byte[octets];
        new Random(5).nextBytes(sealed);
        List<Map<String, Object>> parts = new ArrayList<>();
        new Capture(NAME, sealed).events().forEach(event -> parts.add(fields(event)));
        return parts;
    }

    @ParameterizedTest
    @ValueSource(
            ints = {1, SealedPart.LONGEST - 1, SealedPart.LONGEST, SealedPart.LONGEST + 1, 300_000, Capture.LONGEST})
    void joinWhenAllPartsAreThereThenIsTheCapture(int octets) {
        List<Map<String, Object>> parts = parts(octets);
        byte[] sealed = new byte[octets];
        new Random(5).nextBytes(sealed);
        Collections.shuffle(parts, new Random(1));

        assertThat(Capture.join(parts)).hasValueSatisfying(capture -> {
            assertThat(capture.name()).isEqualTo(NAME);
            assertThat(capture.sealed()).isEqualTo(sealed);
        });
    }

    @Test
    void joinWhenAPartIsMissingTwiceThereOrOfAnotherThenIsNothing() {
        List<Map<String, Object>> parts = parts(100_000);
        assertThat(Capture.join(List.of())).isEmpty();
        for (int missing = 0; missing < parts.size(); missing++) {
            List<Map<String, Object>> fewer = new ArrayList<>(parts);
            fewer.remove(missing);
            assertThat(Capture.join(fewer)).isEmpty();
            List<Map<String, Object>> twice = new ArrayList<>(parts);
            twice.add(parts.get(missing));
            assertThat(Capture.join(twice)).isEmpty();
        }
        for (Map.Entry<String, Object> other : Map.<String, Object>of(
                        "capture_id", "c-2",
                        "client_id", "another",
                        "kind", "answer",
                        "part", 9,
                        "parts", 3,
                        "digest", "00",
                        "sealed", "AAAA",
                        "tenant", 7)
                .entrySet()) {
            List<Map<String, Object>> altered = new ArrayList<>(parts);
            Map<String, Object> part = new HashMap<>(parts.getFirst());
            part.put(other.getKey(), other.getValue());
            altered.set(0, part);
            assertThat(Capture.join(altered)).as(other.getKey()).isEmpty();
        }
    }

    @Test
    void captureWhenTooLongOrBadlyNamedThenIsRefused() {
        assertThatThrownBy(() -> new Capture(NAME, new byte[Capture.LONGEST + 1]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Capture(NAME, new byte[0])).isInstanceOf(IllegalArgumentException.class);
        for (String wrong : new String[] {"", "two words", "line\n", "\u00e9", "x".repeat(201)}) {
            assertThatThrownBy(() -> new CaptureName("c", "r", wrong, "t", CaptureName.ANSWER))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new CaptureName("c", "r", "i", "t", "other"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new Capture(NAME, new byte[3])).hasToString("Capture[c-1 r-1 demo acme request, 3 octets]");
    }
}
