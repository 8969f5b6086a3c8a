package dev.postern.sts.sealing;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Goes through every value of a sealed column and puts another one in its place.
///
/// A value that somebody else changed in the meantime is left as they wrote it.
final class SealedRows {
    private static final int PAGE = 200;

    private record Value(Object row, String text) {}

    private final JdbcClient jdbc;
    private final SealedColumn column;

    SealedRows(JdbcClient jdbc, SealedColumn column) {
        this.jdbc = jdbc;
        this.column = column;
    }

    /// Changes every value that is not null.
    ///
    /// @param change what to write for a row's value; nothing to leave it
    /// @return how many were changed
    int change(BiFunction<String, String, Optional<String>> change) {
        int changed = 0;
        List<Value> page = page(Optional.empty());
        while (!page.isEmpty()) {
            for (Value value : page) {
                Optional<String> next = change.apply(String.valueOf(value.row()), value.text());
                if (next.isPresent()) {
                    changed += write(value, next.get());
                }
            }
            page = page(Optional.of(page.getLast().row()));
        }
        return changed;
    }

    private List<Value> page(Optional<Object> after) {
        String sql = "select %s, %s from %s where %s is not null"
                .formatted(column.key(), column.column(), column.table(), column.column());
        String order = " order by " + column.key() + " fetch first " + PAGE + " rows only";
        JdbcClient.StatementSpec select = after.isEmpty()
                ? jdbc.sql(sql + order)
                : jdbc.sql(sql + " and " + column.key() + " > ?" + order).param(after.get());
        return select.query((row, _) -> new Value(row.getObject(1), row.getString(2)))
                .list();
    }

    private int write(Value value, String next) {
        return jdbc.sql("update %s set %s = ? where %s = ? and %s = ?"
                        .formatted(column.table(), column.column(), column.key(), column.column()))
                .param(next)
                .param(value.row())
                .param(value.text())
                .update();
    }
}
