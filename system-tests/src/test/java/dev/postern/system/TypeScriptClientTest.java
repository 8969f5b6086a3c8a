package dev.postern.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.test.ProjectFiles;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/// The TypeScript SDK's own tests: the same vectors, the same pitfalls, and its behaviour against a relay in process,
/// in Node and in Chromium. And its sessions with the production relay half.
@Order(2)
// A platform may be starting beside it, and its packages may be slow to come.
@Timeout(value = 6, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(NodeProgram.TYPESCRIPT_CLIENT)
class TypeScriptClientTest {
    @Test
    void itsOwnTestsPass() throws Exception {
        NodeProgram.Outcome outcome = client().npm(Map.of(), "test", "--silent");

        assertPassed(outcome);
        outcome.lines().stream().filter(line -> line.contains("# SKIP")).forEach(System.err::println);
    }

    @Test
    void itHasSessionsWithTheRelayInJava() throws Exception {
        assertPassed(client().npm(
                        Map.of(
                                "RELAY_CLASSPATH", System.getProperty("java.class.path"),
                                "JAVA_HOME", System.getProperty("java.home")),
                        "run",
                        "--silent",
                        "test:interop"));
    }

    private static NodeProgram client() throws Exception {
        return NodeProgram.installed(ProjectFiles.root().resolve(NodeProgram.TYPESCRIPT_CLIENT));
    }

    private static void assertPassed(NodeProgram.Outcome outcome) {
        assertThat(outcome.code()).as(String.join("\n", outcome.lines())).isZero();
        assertThat(outcome.lines()).contains("# fail 0").anyMatch(line -> line.matches("# pass [1-9]\\d*"));
    }
}
