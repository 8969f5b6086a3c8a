package dev.postern.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What the JVM itself makes of the flags, when the environment asks for the opposite.
class JvmFlagsTest {
    @Test
    void heapWhenDumpsAreAskedForThenNotWrittenAndNobodyAttaches() throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(JvmFlags.of(64));
        command.addAll(List.of("-XX:+PrintFlagsFinal", "-version"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("JAVA_TOOL_OPTIONS", "-XX:+HeapDumpOnOutOfMemoryError -XX:-DisableAttachMechanism");
        Process jvm = builder.start();
        String flags;
        try {
            flags = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(jvm.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            jvm.destroyForcibly();
        }

        assertThat(jvm.exitValue()).isZero();
        assertThat(flags)
                .containsPattern(" HeapDumpOnOutOfMemoryError +:?= false ")
                .containsPattern(" DisableAttachMechanism +:?= true ")
                .containsPattern(" ExitOnOutOfMemoryError +:?= true ");
    }
}
