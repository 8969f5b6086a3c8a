package dev.postern.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.platform.PlatformService;
import dev.postern.system.SystemPlatform.Running;
import dev.postern.test.ProjectFiles;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/// A page in headless Chromium has a sealed session with the relay, by the TypeScript SDK as it is: from another origin
/// than the gateway's, under a strict content security policy, with a proof key that never leaves the page.
@Order(16)
@ExtendWith(SystemPlatform.class)
@ResourceLock(NodeProgram.TYPESCRIPT_CLIENT)
class BrowserTest {
    private static final String SKIPPED = "Skipped: ";

    @Test
    void pageWhenOfAnAllowedOriginThenHasASealedSession(Running platform) throws Exception {
        NodeProgram.Outcome outcome = show(platform, SystemPlatform.PAGE_PORT);

        assertThat(outcome.lines())
                .containsExactly("ok vectors", "ok chat", "ok stream", "ok problem", "ok foreign-relay", "ok closed");
        assertThat(outcome.code()).isZero();
    }

    @Test
    void pageWhenOfAnotherOriginThenHasNone(Running platform) throws Exception {
        NodeProgram.Outcome outcome = show(platform, SystemPlatform.PAGE_PORT + 1);

        assertThat(outcome.lines())
                .contains("ok vectors")
                .anyMatch(line -> line.startsWith("FAILED chat: ConnectionLostError"))
                .anyMatch(line -> line.startsWith("FAILED stream: ConnectionLostError"));
        assertThat(outcome.code()).isEqualTo(1);
    }

    private static NodeProgram.Outcome show(Running platform, int port) throws Exception {
        NodeProgram client = NodeProgram.installed(ProjectFiles.root().resolve(NodeProgram.TYPESCRIPT_CLIENT));
        NodeProgram.Outcome compiled = client.npm(Map.of(), "run", "--silent", "pretest");
        assertThat(compiled.code()).as(String.join("\n", compiled.lines())).isZero();
        NodeProgram.Outcome outcome = client.run(environment(platform, port), "build/browser/main.js");
        outcome.lines().stream()
                .filter(line -> line.startsWith(SKIPPED))
                .forEach(line -> NodeProgram.requireOrSkip(false, line.substring(SKIPPED.length())));
        return outcome;
    }

    private static Map<String, String> environment(Running platform, int port) {
        return Map.of(
                "POSTERN_ISSUER", platform.endpoint(PlatformService.TOKEN, "").toString(),
                "POSTERN_GATEWAY", platform.gateway("").toString(),
                "POSTERN_CLIENT", "demo",
                "POSTERN_CLIENT_KEY",
                        platform.home()
                                .client("demo")
                                .resolve("private-key.jwk")
                                .toString(),
                "POSTERN_PAGE_PORT", Integer.toString(port),
                "NODE_EXTRA_CA_CERTS", platform.home().caCertificate().toString());
    }
}
