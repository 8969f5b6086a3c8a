package dev.postern.audit.spool;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The three calls by which entries reach the disk; tests make each of them fail.
interface SegmentChannel extends Closeable {

    void write(ByteBuffer bytes) throws IOException;

    void force() throws IOException;

    /// Makes a new, empty file.
    @FunctionalInterface
    interface Opener {
        SegmentChannel create(Path file) throws IOException;
    }

    static SegmentChannel file(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return new SegmentChannel() {
            @Override
            public void write(ByteBuffer bytes) throws IOException {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }

            @Override
            public void force() throws IOException {
                channel.force(false);
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }
}
