package dev.postern.cli.admin.command;

import java.nio.file.Path;
import tools.jackson.databind.node.ObjectNode;

/// A policy set in a file: alone, or as `policies show` prints it, with the version that it is an edit of.
///
/// @param version empty when the file does not say
record PolicyFile(ObjectNode set, String version) {
    static PolicyFile read(Path file) {
        ObjectNode document = Documents.object(file);
        return document.get("policy") instanceof ObjectNode set
                ? new PolicyFile(set, document.path("version").asString(""))
                : new PolicyFile(document, "");
    }
}
