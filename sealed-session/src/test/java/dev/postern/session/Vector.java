package dev.postern.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.test.ProjectFiles;
import java.util.HexFormat;
import tools.jackson.databind.JsonNode;

/// One file of known answers.
enum Vector {
    X25519("ssp1-x25519.json", Suite.X25519),
    X_WING("ssp1-xwing.json", Suite.X_WING);

    private final String file;
    private final Suite suite;

    Vector(String file, Suite suite) {
        this.file = file;
        this.suite = suite;
    }

    Suite suite() {
        return suite;
    }

    byte[] octets() {
        return ProjectFiles.vectors(file).getBytes(UTF_8);
    }

    JsonNode json() {
        try {
            return Json.read(octets());
        } catch (MalformedContent e) {
            throw new IllegalStateException(file, e);
        }
    }

    byte[] hex(String name) {
        return HexFormat.of().parseHex(json().path(name).stringValue());
    }
}
