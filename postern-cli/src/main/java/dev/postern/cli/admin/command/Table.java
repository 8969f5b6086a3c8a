package dev.postern.cli.admin.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Aligned columns of text. What is too wide for people is cut with an ellipsis: `--json` has all of it.
final class Table {
    private static final int WIDEST = 60;

    private Table() {}

    static String of(JsonNode items, List<Column> columns) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(columns.stream().map(Column::title).toList());
        for (JsonNode item : items) {
            rows.add(columns.stream().map(column -> cut(column.value(item))).toList());
        }
        return render(rows) + (rows.size() == 1 ? "\n(none)" : "");
    }

    static String fields(JsonNode document) {
        List<List<String>> rows = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : document.properties()) {
            rows.add(List.of(member.getKey(), Column.text(member.getValue())));
        }
        return render(rows);
    }

    private static String render(List<List<String>> rows) {
        int[] widths = new int[rows.isEmpty() ? 0 : rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
            }
            lines.add(line.toString().stripTrailing());
        }
        return String.join("\n", lines);
    }

    private static String cut(String text) {
        return text.length() <= WIDEST ? text : text.substring(0, WIDEST - 1) + "…";
    }
}
