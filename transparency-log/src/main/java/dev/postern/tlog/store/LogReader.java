package dev.postern.tlog.store;

import java.io.IOException;
import java.util.Optional;

/// Where the files of one log are read: a directory, or a server.
@FunctionalInterface
public interface LogReader {

    /// The content of a file; empty when there is none.
    ///
    /// @param path  as tlog-tiles names it, below the log's directory
    Optional<byte[]> read(String path) throws IOException;
}
