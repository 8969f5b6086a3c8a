/// The file layout of C2SP tlog-tiles: names, widths, entry bundles, and hashes read back from tiles.
@NullMarked
package dev.postern.tlog.tile;

import org.jspecify.annotations.NullMarked;
