package dev.postern.auditing.syslog;

import java.io.IOException;

/// Who collects events.
@FunctionalInterface
interface Collector {
    /// Connects.
    ///
    /// @throws IOException when it is not there, or is not who it should be
    Delivery connect() throws IOException;

    /// One connection. What was sent counts only once it was confirmed.
    interface Delivery extends AutoCloseable {
        /// Takes a frame, which may wait for [#flush].
        void send(byte[] frame) throws IOException;

        void flush() throws IOException;

        /// Ends the connection in good order.
        ///
        /// Guarantee: when it returns, the collector's TLS has taken everything that was sent, in order. Not
        /// guaranteed: what the collector does with it; syslog has no acknowledgement.
        ///
        /// @throws IOException when that is not known
        void confirm() throws IOException;

        /// Cuts the connection off, unless it has ended. Any thread may: whatever waits for the collector then fails.
        @Override
        void close();
    }
}
