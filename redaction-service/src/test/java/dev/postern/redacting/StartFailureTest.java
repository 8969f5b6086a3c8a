package dev.postern.redacting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.redact.pack.InvalidRulePack;
import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

final class StartFailureTest {
    @Test
    void packWhenItCannotBeUsedThenOneSentenceThatNamesTheSetting() {
        Throwable failure = new IllegalStateException(new InvalidRulePack("staff.yml: rule a has no examples"));
        assertThat(new StartFailure().analyze(failure))
                .extracting(FailureAnalysis::getDescription)
                .isEqualTo("postern.redaction.packs: staff.yml: rule a has no examples.");
        assertThat(new StartFailure().analyze(new IllegalStateException("another")))
                .isNull();
    }

    @Test
    void serviceAsksIt() {
        // Others of them need the application's context.
        FailureHandler passOver = FailureHandler.handleMessage((_, _) -> {});
        assertThat(SpringFactoriesLoader.forDefaultResourceLocation().load(FailureAnalyzer.class, passOver))
                .hasAtLeastOneElementOfType(StartFailure.class);
    }
}
