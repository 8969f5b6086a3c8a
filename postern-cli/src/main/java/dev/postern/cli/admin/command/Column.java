package dev.postern.cli.admin.command;

import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// One column of a table.
///
/// @param member the member it shows, as a JSON Pointer without the first slash
record Column(String title, String member) {
    /// Columns titled like their members.
    static List<Column> of(String... members) {
        return Stream.of(members)
                .map(member -> new Column(member.replace('_', ' ').replace('/', ' '), member))
                .toList();
    }

    String value(JsonNode item) {
        return text(item.at("/" + member));
    }

    static String text(JsonNode value) {
        if (value.isArray()) {
            return String.join(" ", value.valueStream().map(Column::text).toList());
        }
        return value.isMissingNode() || value.isNull() ? "" : value.isString() ? value.asString() : value.toString();
    }
}
