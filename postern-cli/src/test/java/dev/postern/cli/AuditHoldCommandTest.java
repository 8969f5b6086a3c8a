package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.cli.terminal.Failure;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class AuditHoldCommandTest {
    @Test
    void tableWhenThereAreHoldsThenALineEach() {
        assertThat(AuditHoldCommand.table(new TreeMap<>(
                        Map.of("case-7", List.of("2026w48", "2026-12-02"), "case-9", List.of("2026w50")))))
                .isEqualTo("""
                        case-7                   2026w48 2026-12-02
                        case-9                   2026w50
                        """);
        assertThat(AuditHoldCommand.table(Map.of())).isEqualTo("no holds\n");
    }

    @Test
    void namesWhenNoWeekOrDayThenSaidSo() {
        AuditHoldCommand.requireNames(List.of("2026w53", "2024-02-29", "2026w01"));
        for (String none : List.of("2025w53", "2026w00", "2026w54", "2026-02-29", "2026-1-1", "case-7", "")) {
            assertThatThrownBy(() -> AuditHoldCommand.requireNames(List.of("2026w48", none)))
                    .as(none)
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("There is no week or day " + none);
        }
    }
}
