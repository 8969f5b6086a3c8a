package dev.postern.tlog.tile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TileTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0, 256, tile/0/000",
        "0, 273, 112, tile/0/273.p/112",
        "1, 1234067, 256, tile/1/x001/x234/067",
        "-1, 1234067, 8, tile/entries/x001/x234/067.p/8",
        "2, 1000, 1, tile/2/x001/000.p/1",
        "-1, 999, 255, tile/entries/999.p/255",
        "7, 0, 1, tile/7/000.p/1",
    })
    void pathsAreWrittenAndRead(int level, long index, int width, String path) {
        Tile tile = new Tile(level, index, width);
        assertThat(tile.path()).isEqualTo(path);
        assertThat(Tile.parse(path)).hasValue(tile);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "checkpoint",
                "tile/0/0",
                "tile/0/00",
                "tile/0/0000",
                "tile/0/x000/000",
                "tile/0/001/002",
                "tile/8/000",
                "tile/00/000",
                "tile/-1/000",
                "tile/data/000",
                "tile/0/000.p/0",
                "tile/0/000.p/01",
                "tile/0/000.p/256",
                "tile/0/000.p/300",
                "tile/0/000.p",
                "tile/0/000.p/1/2",
                "tile/0/../0/000",
                "tile/0/000/",
                "/tile/0/000",
                "tile/0/000\n",
                "tile/0/x999/x999/x999/x999/x999/x999/999"
            })
    void anythingElseIsNoTile(String path) {
        assertThat(Tile.parse(path)).isEmpty();
    }

    @Test
    void widthsFollowFromTheSize() {
        assertThat(Tile.in(70_000, 0, 273)).hasValue(new Tile(0, 273, 112));
        assertThat(Tile.in(70_000, 0, 274)).isEmpty();
        assertThat(Tile.in(65_535, 2, 0)).isEmpty();
        assertThat(Tile.in(65_536, 2, 0)).hasValue(new Tile(2, 0, 1));
        assertThat(Tile.in(0, Tile.ENTRIES, 0)).isEqualTo(Optional.empty());
        assertThat(Tile.in(257, Tile.ENTRIES, 1)).hasValue(new Tile(Tile.ENTRIES, 1, 1));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0, 1",
        "1, 1",
        "1, 2",
        "255, 256",
        "256, 256",
        "256, 257",
        "10, 600",
        "511, 66000",
        "65535, 65536",
        "65536, 70000",
        "0, 70000"
    })
    void filesSinceAnEarlierSizeAreThoseThatItHadNot(long earlier, long size) {
        Set<Tile> missing = new HashSet<>(files(size));
        missing.removeAll(files(earlier));
        assertThat(Tile.since(earlier, size)).doesNotHaveDuplicates().hasSameElementsAs(missing);
    }

    private static List<Tile> files(long size) {
        List<Tile> files = new ArrayList<>(Tile.allIn(size));
        Tile.allIn(size).stream()
                .filter(tile -> tile.level() == 0)
                .map(tile -> new Tile(Tile.ENTRIES, tile.index(), tile.width()))
                .forEach(files::add);
        return files;
    }
}
