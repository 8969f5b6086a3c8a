package dev.postern.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.test.ProjectFiles;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/// The TypeScript SDK's own tests: the same vectors, the same pitfalls, and its behaviour against a relay in process.
@Order(2)
class TypeScriptClientTest {
    @Test
    void itsOwnTestsPass() throws Exception {
        NodeProgram.Outcome outcome = NodeProgram.installed(ProjectFiles.root().resolve("clients/typescript"))
                .test();

        assertThat(outcome.code()).as(String.join("\n", outcome.lines())).isZero();
        assertThat(outcome.lines()).contains("# fail 0").anyMatch(line -> line.matches("# pass [1-9]\\d+"));
    }
}
