package dev.postern.tlog.tile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name of a tile: up to 256 hashes of one level, or (level -1) up to 256 log entries.
///
/// @param level  tile level; its hashes are roots of subtrees over 256^level leaves. [#ENTRIES] for an entry bundle
/// @param index  position among the tiles of its level
/// @param width  how many hashes or entries it holds, 1 to 256; below 256 it is partial
public record Tile(int level, long index, int width) {

    public static final int FULL = 256;

    /// The level of entry bundles.
    public static final int ENTRIES = -1;

    /// Levels 0 to 7 cover 2^64 leaves.
    static final int MAX_LEVEL = 7;

    private static final int BITS = 8;
    private static final Pattern PATH =
            Pattern.compile("tile/(entries|[0-7])/((?:x[0-9]{3}/){0,5})([0-9]{3})(?:\\.p/([1-9][0-9]{0,2}))?");

    public Tile {
        if (level < ENTRIES || level > MAX_LEVEL || index < 0 || width < 1 || width > FULL) {
            throw new IllegalArgumentException("no such tile");
        }
    }

    /// The tile at this place in a tree with `size` leaves; empty when it would hold nothing.
    public static Optional<Tile> in(long size, int level, long index) {
        long hashes = size >>> (BITS * Math.max(level, 0));
        long width = Math.min(hashes - index * FULL, FULL);
        return width < 1 ? Optional.empty() : Optional.of(new Tile(level, index, (int) width));
    }

    /// Every hash tile of a tree with `size` leaves, partial ones included; the entry bundles are named like level 0.
    public static List<Tile> allIn(long size) {
        List<Tile> tiles = new ArrayList<>();
        for (int level = 0; level <= MAX_LEVEL && size >>> (BITS * level) > 0; level++) {
            long count = ((size >>> (BITS * level)) + FULL - 1) / FULL;
            for (long index = 0; index < count; index++) {
                in(size, level, index).ifPresent(tiles::add);
            }
        }
        return tiles;
    }

    /// Every file that a tree of `size` leaves has and its beginning of `earlier` leaves has not: entry bundles, then
    /// hash tiles from the lowest level up, partial ones included.
    public static List<Tile> since(long earlier, long size) {
        List<Tile> tiles = new ArrayList<>();
        for (int level = ENTRIES; level <= MAX_LEVEL && size >>> (BITS * Math.max(level, 0)) > 0; level++) {
            long before = earlier >>> (BITS * Math.max(level, 0));
            if (before < size >>> (BITS * Math.max(level, 0))) {
                Optional<Tile> tile = in(size, level, before / FULL);
                for (long next = before / FULL + 1; tile.isPresent(); next++) {
                    tiles.add(tile.get());
                    tile = in(size, level, next);
                }
            }
        }
        return tiles;
    }

    /// Reads exactly what [#path] writes.
    public static Optional<Tile> parse(String path) {
        Matcher matcher = PATH.matcher(path);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int level = matcher.group(1).equals("entries") ? ENTRIES : Integer.parseInt(matcher.group(1));
        long index = Long.parseLong(matcher.group(2).replace("x", "").replace("/", "") + matcher.group(3));
        int width = matcher.group(4) == null ? FULL : Integer.parseInt(matcher.group(4));
        if (width > FULL) {
            return Optional.empty();
        }
        Tile tile = new Tile(level, index, width);
        return tile.path().equals(path) ? Optional.of(tile) : Optional.empty();
    }

    public boolean isFull() {
        return width == FULL;
    }

    public boolean isEntries() {
        return level == ENTRIES;
    }

    /// The same place, `width` wide.
    public Tile withWidth(int newWidth) {
        return new Tile(level, index, newWidth);
    }

    /// The path below the log's directory, for example `tile/0/x001/x234/067.p/17`.
    public String path() {
        return isFull() ? fullPath() : partialsPath() + "/" + width;
    }

    /// The directory that holds every partial width of this tile.
    public String partialsPath() {
        return fullPath() + ".p";
    }

    private String fullPath() {
        StringBuilder name = new StringBuilder(String.format("%03d", index % 1000));
        for (long rest = index / 1000; rest > 0; rest /= 1000) {
            name.insert(0, String.format("x%03d/", rest % 1000));
        }
        return "tile/" + (isEntries() ? "entries" : level) + "/" + name;
    }
}
