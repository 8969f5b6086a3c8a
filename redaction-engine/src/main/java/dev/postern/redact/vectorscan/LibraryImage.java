package dev.postern.redact.vectorscan;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/// The shared object of `com.gliwka.hyperscan:native`, taken from its jar into an anonymous file in memory. It never
/// has a path that another user could write to, needs no directory that is writable or allows execution, and is gone
/// with the process.
// Calling native code is what this package is for.
@SuppressWarnings("restricted")
final class LibraryImage {
    /// `MFD_CLOEXEC`: no child process inherits it.
    private static final int CLOSE_ON_EXEC = 1;

    private LibraryImage() {}

    /// The library, loaded until the process ends.
    static SymbolLookup load() throws VectorscanUnavailable {
        return load(platform());
    }

    static SymbolLookup load(String platform) throws VectorscanUnavailable {
        String resource = "/com/gliwka/hyperscan/jni/" + platform + "/libhs.so";
        try (InputStream image = LibraryImage.class.getResourceAsStream(resource)) {
            if (image == null) {
                throw new VectorscanUnavailable("its library for " + platform + " is not on the class path");
            }
            return load(image);
        } catch (IOException | IllegalArgumentException | IllegalCallerException e) {
            throw new VectorscanUnavailable("its library cannot be loaded: " + e.getMessage(), e);
        }
    }

    private static String platform() {
        String system = System.getProperty("os.name", "unknown").toLowerCase(Locale.ROOT);
        return system + "-"
                + switch (System.getProperty("os.arch", "unknown")) {
                    case "amd64" -> "x86_64";
                    case "aarch64" -> "arm64";
                    case String other -> other;
                };
    }

    private static SymbolLookup load(InputStream image) throws IOException, VectorscanUnavailable {
        int descriptor = anonymousFile();
        Path file = Path.of("/proc/self/fd/" + descriptor);
        try {
            try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE)) {
                image.transferTo(out);
            }
            // By name: a Path would be resolved first, and what it points to has no place in the file system.
            return SymbolLookup.libraryLookup(file.toString(), Arena.global());
        } finally {
            close(descriptor);
        }
    }

    private static int anonymousFile() throws IOException, VectorscanUnavailable {
        MethodHandle create = function(
                "memfd_create", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom("libhs");
            int descriptor = (int) create.invokeExact(name, CLOSE_ON_EXEC);
            if (descriptor < 0) {
                throw new IOException("the system gives no file in memory");
            }
            return descriptor;
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a native call cannot throw", e);
        }
    }

    private static void close(int descriptor) throws VectorscanUnavailable {
        MethodHandle close = function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try {
            int _ = (int) close.invokeExact(descriptor);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a native call cannot throw", e);
        }
    }

    private static MethodHandle function(String name, FunctionDescriptor type) throws VectorscanUnavailable {
        Linker linker = Linker.nativeLinker();
        MemorySegment address = linker.defaultLookup()
                .find(name)
                .orElseThrow(() -> new VectorscanUnavailable("this system's C library has no " + name));
        return linker.downcallHandle(address, type);
    }
}
