package dev.postern.tlog.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.tlog.tree.Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The log that other implementations publish as test data comes out byte for byte.
final class GoldenLogTest {

    private static final List<String> LEAVES = List.of(
            "one two three four five six seven eit nain ten ileven twelf threeten fourten fivten".split(" ", -1));

    private static final Map<Integer, String> ROOTS = Map.of(
            0, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
            1, "0Nc2CrefWKseHj/mStd+LqC8B+NrX0btIiPt2SmN+ek=",
            2, "T1X2GdkhUjV3iyufF9b0kVsWFxIU0VI4EpNml2Teci4=",
            7, "IrSXADBqJ7EQoUODSDKROySgNveeL6CFhik2w/+fS7U=",
            8, "bC+VwvrJbalNVjfkdI8kUgs7mJoXrqiXCE7bgnD28pY=",
            15, "rKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=");

    private static final Map<Integer, String> SIGNATURES = Map.of(
            0, "M9e0lhxJACzE1KoUdqKuPa+9p6R7dSW8BlEvrg/noo8FkGg6PbJoRNOcdjqjOq89wVvTA60eubCc4oufo5BvIVEgtQc=",
            1, "M9e0lhr9kuLxGdAtaUrhm84TQffVsLdcy808sN0a3WyniNlfcr9+bywoiIke1YYciCNjJGkCgIlQ8b16jhsmg/SChAM=",
            2, "M9e0llH4NKmlf0u7C8tkJioQOmi7l5ELqljXgKRg6R3G5JJ7vx7emDWo5fpqKuA/Dk/jRrI6il+7QCVirNhyUAWGoAk=",
            7, "M9e0luA5JhTRUki/BBQD0QNiH6AEJ2pdtsA5CQjqJErViuuKrN6513RCTL2640wXJv0dCed3neRGI6dMzBq9uANf2Qc=",
            8, "M9e0lq1EK37dHtgv9O3UzPxisw5vwIPcJsX9ab0xt4mvVfbdUR1fbMjN6sBFYpBoBEmD4+cWhj/AVgI5MitCO5+mews=",
            15, "M9e0luh4jTG+UMBqOUo9/q+yAEvx1ilBEniMvjf1zfcBOhg+CKubMt53MvIt/uEWP6zdkdIQzd/fmwlM/dlPWF74ewI=");

    @Test
    void checkpointsOfEverySizeAreThePublishedOnes() throws IOException {
        MemoryStorage storage = new MemoryStorage();
        TiledLog log = TiledLog.open(storage, TestKeys.signer());
        expectCheckpoint(storage, 0);
        for (int size = 1; size <= LEAVES.size(); size++) {
            log.append(LEAVES.get(size - 1).getBytes(StandardCharsets.UTF_8));
            log.publish();
            if (ROOTS.containsKey(size)) {
                expectCheckpoint(storage, size);
            }
        }
    }

    private static void expectCheckpoint(MemoryStorage storage, int size) {
        assertThat(new String(storage.read(LogStorage.CHECKPOINT).orElseThrow(), StandardCharsets.UTF_8))
                .isEqualTo("example.com/log/testdata\n" + size + "\n" + ROOTS.get(size)
                        + "\n\n\u2014 example.com/log/testdata " + SIGNATURES.get(size) + "\n");
    }

    @Test
    void bundleAndTileHaveTheseBytes() throws IOException {
        MemoryStorage storage = new MemoryStorage();
        TiledLog log = TiledLog.open(storage, TestKeys.signer());
        for (String leaf : LEAVES) {
            log.append(leaf.getBytes(StandardCharsets.UTF_8));
        }
        log.publish();

        assertThat(storage.files()).containsOnlyKeys("checkpoint", "tile/0/000.p/15", "tile/entries/000.p/15");
        assertThat(HexFormat.of()
                        .formatHex(storage.read("tile/entries/000.p/15").orElseThrow()))
                .isEqualTo("00036f6e65000374776f0005746872656500" + "04666f75720004666976650003736978"
                        + "0005736576656e000365697400046e61696e000374656e0006696c6576656e00057477656c66"
                        + "0008746872656574656e0007666f757274656e000666697674656e");
        ByteBuffer hashes = ByteBuffer.allocate(15 * Hash.LENGTH);
        LEAVES.forEach(leaf -> Hash.leaf(leaf.getBytes(StandardCharsets.UTF_8)).put(hashes));
        assertThat(storage.read("tile/0/000.p/15")).hasValue(hashes.array());
        assertThat(Hash.at(hashes.array(), 0).base64()).isEqualTo(ROOTS.get(1));
    }
}
