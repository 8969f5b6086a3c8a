package dev.postern.cli.demo;

import com.openai.errors.OpenAIException;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.terminal.Failure;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Runs the checks in order on a running platform. A check that fails does not stop the next.
public final class Demo {
    private static final List<DemoCheck> CHECKS = List.of(
            new TokenCheck(),
            new ModelsCheck(),
            new ChatCheck(),
            new StreamCheck(),
            new EmbeddingsCheck(),
            new SealedChatCheck(),
            new SealedStreamCheck(),
            new ModelSawCheck(),
            new RestoredCheck(),
            new ReplayCheck(),
            new TamperCheck(),
            new SealedGatewayBlindCheck(),
            new SealedFailoverCheck(),
            new DpopCheck(),
            new ScopeCheck(),
            new BudgetCheck(),
            new RevocationCheck(),
            new PolicyCheck(),
            new AuditProofCheck(),
            new AuditTamperCheck(),
            new AuditCrashCheck(),
            new RotationCheck(),
            new RotationUnderLoadCheck(),
            new CompromiseDrillCheck(),
            new CertificateCheck(),
            new DiskCheck());

    private final PlatformSettings settings;
    private final SecureRandom random;
    private final Clock clock;

    public Demo(PlatformSettings settings, SecureRandom random, Clock clock) {
        this.settings = settings;
        this.random = random;
        this.clock = clock;
    }

    /// Every result, each also handed to `listener` as soon as it is known.
    public List<CheckResult> run(Consumer<CheckResult> listener) throws InterruptedException {
        List<CheckResult> results = new ArrayList<>();
        try (DemoWorld world = new DemoWorld(settings, random, clock)) {
            for (DemoCheck check : CHECKS) {
                CheckResult result = run(check, world);
                results.add(result);
                listener.accept(result);
            }
        }
        return results;
    }

    private CheckResult run(DemoCheck check, DemoWorld world) throws InterruptedException {
        Instant began = clock.instant();
        boolean ok = false;
        String detail;
        try {
            detail = check.run(world);
            ok = true;
        } catch (CheckFailed | Failure e) {
            detail = String.valueOf(e.getMessage());
        } catch (OpenAIException e) {
            // Its message may quote an answer, and an answer may quote the question.
            detail = "the OpenAI client failed with " + e.getClass().getSimpleName();
        } catch (RuntimeException e) {
            // One check that breaks must not hide the others.
            detail = "the check itself failed with " + e.getClass().getSimpleName();
        }
        return new CheckResult(check.id(), ok, detail, clock.instant().toEpochMilli() - began.toEpochMilli());
    }
}
