package dev.postern.cli.admin.command;

import dev.postern.cli.terminal.ExitCode;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// A result: for programs as a document, for people as text.
record Shown(JsonNode document, String text, ExitCode code) {
    static Shown of(JsonNode document, String text) {
        return new Shown(document, text, ExitCode.DONE);
    }

    static Shown table(JsonNode items, List<Column> columns) {
        return of(items, Table.of(items, columns));
    }

    /// One thing, member by member.
    static Shown fields(JsonNode document) {
        return of(document, Table.fields(document));
    }
}
