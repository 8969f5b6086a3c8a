package dev.postern.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.postern.test.ProjectFiles;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `docs/models/ssp1.pml`, searched exhaustively by spin. Without a rule of the protocol the search must find what the
/// rule is for; otherwise the model would prove nothing.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@SuppressWarnings("NullAway.Init")
final class ModelTest {
    private static final Path MODEL = ProjectFiles.root().resolve("docs/models/ssp1.pml");

    @TempDir
    Path directory;

    @BeforeAll
    static void toolsAreThere() {
        assumeTrue(
                onPath("spin") && onPath("gcc"),
                "spin and gcc are not both installed (Debian: spin, gcc): the model of docs/models/ssp1.pml was not searched");
    }

    /// As the relay is built; then a copy of it that holds the same keys and takes the fence.
    @ParameterizedTest
    @ValueSource(strings = {"", "CLONE"})
    void allRulesHold(String scenario) throws Exception {
        assertThat(search(scenario)).contains("errors: 0").doesNotContain("max search depth too small");
    }

    /// @param broken the rule's name in the model
    @ParameterizedTest
    @CsvSource({
        "MARK_BEFORE_VERIFY,       genuine_refused",
        "CLONE NO_FENCE_CHECK,     owner[o].late",
        "KEYS_SURVIVE_RESTART,     effect_twice",
        "REDIS_ALONE,              effect_twice",
        "NO_UPDATE_AFTER_LOSS,     opened_after_loss",
        "SAME_KEY_AFTER_UPDATE,    number_twice",
        "RETRY_UNDER_SAME_NUMBER,  number_twice",
        // Not a rule but a limit: with a Redis that forgets, the fence does not hold copies apart. Hence no TAKEOVER.
        "CLONE CLONE_AND_FORGETFUL, effect_twice",
        // Neither: frames of every epoch do take effect in the model.
        "WITNESS,                  every_epoch_had_effects",
    })
    void withoutARuleTheSearchFindsWhatItIsFor(String without, String broken) throws Exception {
        assertThat(search(without)).contains("errors: 1").contains("assertion violated  !(" + broken + ")");
    }

    private String search(String defines) throws Exception {
        List<String> spin = new ArrayList<>(List.of("spin"));
        Arrays.stream(defines.split(" ")).filter(name -> !name.isEmpty()).forEach(name -> spin.add("-D" + name));
        spin.addAll(List.of("-a", MODEL.toString()));
        run(spin);
        run(List.of("gcc", "-O2", "-w", "-DSAFETY", "-o", "pan", "pan.c"));
        // Blocked for ever is no error here: the bounds of the model end what goes on in reality.
        return run(List.of("./pan", "-E", "-m100000", "-w23"));
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(4, TimeUnit.MINUTES);
        process.destroyForcibly();
        String said = Files.readString(output);
        assertThat(ended).as("%s ended in time: %s", command, said).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }

    private static boolean onPath(String program) {
        String path = System.getenv("PATH");
        return path != null
                && Arrays.stream(path.split(File.pathSeparator))
                        .anyMatch(entry -> Files.isExecutable(Path.of(entry, program)));
    }
}
