package dev.postern.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.demo.CheckResult;
import dev.postern.cli.demo.Demo;
import dev.postern.system.SystemPlatform.Running;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The main job, as `./postern demo` shows it: official client, sealed frames sent twice and altered, proofs, rotation.
@Order(10)
// Two more services start for it.
@Timeout(value = 4, unit = TimeUnit.MINUTES)
@ExtendWith(SystemPlatform.class)
class DemoTest {
    @Test
    void demoWhenRunThenEveryCheckIsOk(Running platform) throws Exception {
        List<CheckResult> results = new Demo(platform.settings(), new SecureRandom(), Clock.systemUTC()).run(_ -> {});

        assertThat(results)
                .allSatisfy(result -> assertThat(result.ok())
                        .as("%s: %s", result.id(), result.detail())
                        .isTrue());
        assertThat(results)
                .extracting(CheckResult::id)
                .contains(
                        "token",
                        "chat",
                        "stream",
                        "sealed-chat",
                        "sealed-stream",
                        "sealed-gateway-blind",
                        "sealed-failover",
                        "pii-never-reached-model",
                        "pii-restored",
                        "replay-rejected",
                        "tamper-rejected",
                        "dpop-bound",
                        "scope-denied",
                        "budget-enforced",
                        "revoke-under-1s",
                        "policy-explained",
                        "audit-proof",
                        "audit-tamper-detected",
                        "audit-crash-safe",
                        "signing-key-rotated",
                        "rotation-under-load",
                        "compromise-drill",
                        "cert-renewed",
                        "no-pii-on-disk");
    }
}
