package dev.postern.redact.vectorscan;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// The functions of the library that are used, by their names in `hs.h` without the prefix.
// Calling native code is what this package is for.
@SuppressWarnings("restricted")
public final class Vectorscan {
    /// What the rules are tested with; expressions compile to something else in another version.
    static final String VERSION = "5.4.12";

    static final int SUCCESS = 0;
    static final int BLOCK = 1;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final MemoryLayout POINTER = ValueLayout.ADDRESS;
    /// `int (unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)`
    static final FunctionDescriptor ON_MATCH =
            FunctionDescriptor.of(INT, INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, INT, POINTER);

    final MethodHandle compileMulti;
    final MethodHandle freeCompileError;
    final MethodHandle freeDatabase;
    final MethodHandle databaseSize;
    final MethodHandle allocScratch;
    final MethodHandle freeScratch;
    final MethodHandle scan;
    private final String version;

    private Vectorscan(SymbolLookup library) throws VectorscanUnavailable {
        MethodHandle validPlatform = function(library, "hs_valid_platform");
        MethodHandle versionName = Linker.nativeLinker()
                .downcallHandle(symbol(library, "hs_version"), FunctionDescriptor.of(ValueLayout.ADDRESS));
        compileMulti =
                function(library, "hs_compile_multi", POINTER, POINTER, POINTER, INT, INT, POINTER, POINTER, POINTER);
        freeCompileError = function(library, "hs_free_compile_error", POINTER);
        freeDatabase = function(library, "hs_free_database", POINTER);
        databaseSize = function(library, "hs_database_size", POINTER, POINTER);
        allocScratch = function(library, "hs_alloc_scratch", POINTER, POINTER);
        freeScratch = function(library, "hs_free_scratch", POINTER);
        scan = function(library, "hs_scan", POINTER, POINTER, INT, INT, POINTER, POINTER, POINTER);
        version = name(versionName);
        if (!version.startsWith(VERSION + " ")) {
            throw new VectorscanUnavailable("its version is " + version + " and not " + VERSION);
        }
        if (call(() -> (int) validPlatform.invokeExact()) != SUCCESS) {
            throw new VectorscanUnavailable("this processor lacks instructions that it needs");
        }
    }

    /// The library of the class path, loaded once for the process.
    public static Vectorscan load() throws VectorscanUnavailable {
        return new Vectorscan(Loaded.library());
    }

    /// As the library states it, with its date.
    public String version() {
        return version;
    }

    private static final class Loaded {
        private static @Nullable SymbolLookup library;

        static synchronized SymbolLookup library() throws VectorscanUnavailable {
            SymbolLookup known = library;
            if (known == null) {
                known = LibraryImage.load();
                library = known;
            }
            return known;
        }
    }

    /// A call that returns an error code.
    @FunctionalInterface
    interface Call {
        // What a method handle declares.
        int run() throws Throwable;
    }

    static int call(Call call) {
        try {
            return call.run();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a native call cannot throw", e);
        }
    }

    private static MethodHandle function(SymbolLookup library, String name, MemoryLayout... parameters)
            throws VectorscanUnavailable {
        return Linker.nativeLinker().downcallHandle(symbol(library, name), FunctionDescriptor.of(INT, parameters));
    }

    private static MemorySegment symbol(SymbolLookup library, String name) throws VectorscanUnavailable {
        return library.find(name).orElseThrow(() -> new VectorscanUnavailable("its library has no " + name));
    }

    private static String name(MethodHandle versionName) {
        try {
            MemorySegment name = (MemorySegment) versionName.invokeExact();
            return name.reinterpret(64, Arena.global(), null).getString(0);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a native call cannot throw", e);
        }
    }
}
