package dev.postern.tlog.store;

import dev.postern.tlog.tile.Tile;
import java.io.IOException;

/// The files of one log. Paths are those of tlog-tiles.
///
/// Guarantee: when [#create] or [#replace] returns, the file is whole and survives a loss of power; a reader sees all
/// of it or nothing. Any exception leaves open whether the file is there: the writer must stop, and start again from
/// what it finds.
public interface LogStorage extends LogReader {

    String CHECKPOINT = "checkpoint";

    /// Makes a file that never changes. One that is there already must be identical.
    void create(String path, byte[] content) throws IOException;

    void replace(String path, byte[] content) throws IOException;

    /// Removes the partial forms of a tile whose full form exists.
    void deletePartials(Tile full) throws IOException;
}
