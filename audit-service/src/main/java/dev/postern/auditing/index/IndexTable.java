package dev.postern.auditing.index;

import java.util.Locale;

/// What a day's index consists of, in an order in which two of them can be compared row by row.
enum IndexTable {
    FOLLOWED(
            "\"only\", mark, CASE WHEN first < %1$d THEN %1$d ELSE first END AS first, next, head", "true", "\"only\""),
    SEGMENT("id", "id >= " + bits(DayTables.SEGMENT_BITS), "id"),
    BLOCK("id, first, last, earliest, latest", "id >= " + bits(DayTables.BLOCK_BITS), "id"),
    ENTRY("pos, time", "pos >= %1$d", "pos"),
    NUMBER("producer, number, tag, pos", "pos >= %1$d", "producer, number, tag"),
    TERM("segment, token, pos", "pos >= %1$d", "segment, token, pos");

    private final String name;
    private final String sql;

    IndexTable(String columns, String there, String key) {
        this.name = name().toLowerCase(Locale.ROOT);
        this.sql = "SELECT " + columns + " FROM " + name + " WHERE " + there + " ORDER BY " + key;
    }

    private static String bits(int bits) {
        return "(%1$d >> " + bits + ")";
    }

    String title() {
        return name;
    }

    /// Every column of every row, by its key, as if nothing before a place had ever been followed: a day may lie in two
    /// shards, and outlive the first of them.
    String from(long place) {
        return String.format(Locale.ROOT, sql, place);
    }
}
