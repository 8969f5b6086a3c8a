package dev.postern.cli.platform;

import dev.postern.cli.home.Directories;
import dev.postern.cli.terminal.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// One Java program of the platform: its jar unpacked next to the build's output (a nested jar cannot use an
/// ahead-of-time cache), and that cache. Both belong to one build: the jar's hash and the JDK's version are in a
/// stamp, and anything else is made anew.
final class Program {
    static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private final String name;
    private final Path jar;
    private final Path directory;

    Program(String module, Checkout checkout) {
        this.name = module;
        this.jar = checkout.jar(module);
        this.directory = checkout.programDirectory(module);
    }

    String name() {
        return name;
    }

    /// Unpacks the jar when this build has not been unpacked yet.
    void unpack() throws InterruptedException {
        String stamp = stamp();
        if (stamp.equals(unpackedStamp())) {
            return;
        }
        delete(directory);
        run(List.of(
                JAVA.toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djarmode=tools",
                "-jar",
                jar.toString(),
                "extract",
                "--destination",
                directory.toString()));
        try {
            Files.writeString(stampFile(), stamp);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean hasCache() {
        return Files.exists(cache());
    }

    /// The command line of a normal run.
    List<String> command(List<String> jvmFlags) {
        List<String> command = base(jvmFlags);
        if (hasCache()) {
            command.add("-XX:AOTCache=" + cache());
            command.add("-Xlog:aot=off,cds=off"); // a cache that does not fit is ignored, and the start is slower: not
            // worth a line
        }
        return complete(command);
    }

    /// The command line of a run that notes what a cache should hold.
    List<String> trainingCommand(List<String> jvmFlags) {
        List<String> command = base(jvmFlags);
        command.add("-XX:AOTMode=record");
        command.add("-XX:AOTConfiguration=" + recording());
        return complete(command);
    }

    /// Makes the cache from what a training run noted. The collector is named because the cached heap needs this one to
    /// be written.
    void assembleCache(List<String> jvmFlags) throws InterruptedException {
        if (!Files.exists(recording())) {
            return; // a program that was killed has recorded nothing; it starts without a cache
        }
        Path fresh = directory.resolve("new.aot");
        List<String> command = base(jvmFlags);
        command.add("-XX:AOTMode=create");
        command.add("-XX:AOTConfiguration=" + recording());
        command.add("-XX:AOTCache=" + fresh);
        run(complete(command));
        try {
            // An unchanged program still has the cache of the build before.
            Files.move(fresh, cache(), StandardCopyOption.REPLACE_EXISTING);
            Files.delete(recording());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> base(List<String> jvmFlags) {
        List<String> command = new ArrayList<>();
        command.add(JAVA.toString());
        command.addAll(jvmFlags);
        return command;
    }

    private List<String> complete(List<String> command) {
        command.add("-jar");
        command.add(directory.resolve(jar.getFileName()).toString());
        return command;
    }

    private Path cache() {
        return directory.resolve("program.aot");
    }

    private Path recording() {
        return directory.resolve("program.aotconf");
    }

    private Path stampFile() {
        return directory.resolve("stamp");
    }

    private String unpackedStamp() {
        try {
            return Files.exists(stampFile()) ? Files.readString(stampFile()) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String stamp() {
        try (InputStream in = Files.newInputStream(jar);
                DigestInputStream digest = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            digest.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.getMessageDigest().digest()) + " " + Runtime.version();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private void run(List<String> command) throws InterruptedException {
        Path log = jar.resolveSibling("program.log");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (!process.waitFor(3, TimeUnit.MINUTES) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new Failure("Preparing " + name + " failed; see " + log + ".");
            }
        } catch (IOException e) {
            throw new Failure("Preparing " + name + " failed: the JDK's java did not start.", e);
        }
    }

    private static void delete(Path directory) {
        try {
            Directories.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
