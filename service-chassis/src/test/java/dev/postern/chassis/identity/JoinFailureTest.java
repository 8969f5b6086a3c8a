package dev.postern.chassis.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

@ExtendWith(OutputCaptureExtension.class)
final class JoinFailureTest {
    @TempDir
    Path home;

    @Test
    void serviceWithoutAnAuthorityEndsItsStartWithOneSentence(CapturedOutput output) {
        SpringApplication application = new SpringApplication(Joining.class);
        application.setWebApplicationType(WebApplicationType.NONE);

        Throwable failure =
                catchThrowable(() -> application.run("--postern.home=" + home, "--postern.identity.timeout=50ms"));

        assertThat(failure).isNotNull();
        assertThat(output.getAll()).contains("APPLICATION FAILED TO START").contains("ca.pem");
    }

    @Configuration
    @EnableAutoConfiguration
    static class Joining {}
}
