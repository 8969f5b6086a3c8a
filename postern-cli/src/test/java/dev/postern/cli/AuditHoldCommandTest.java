package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
}
