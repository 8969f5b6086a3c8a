package dev.postern.auditing.index;

import java.util.Locale;

/// What a day's index consists of, in an order in which two of them can be compared row by row.
enum IndexTable {
    FOLLOWED("\"only\", mark, first, next, head", "\"only\""),
    SEGMENT("id", "id"),
    BLOCK("id, first, last, earliest, latest", "id"),
    ENTRY("pos, time", "pos"),
    NUMBER("producer, number, tag, pos", "producer, number, tag"),
    TERM("segment, token, pos", "segment, token, pos");

    private final String name;
    private final String sql;

    IndexTable(String columns, String key) {
        this.name = name().toLowerCase(Locale.ROOT);
        this.sql = "SELECT " + columns + " FROM " + name + " ORDER BY " + key;
    }

    String title() {
        return name;
    }

    /// Every column of every row, by its key.
    String everything() {
        return sql;
    }
}
