package dev.postern.gateway.region;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.token.IpRange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A database of one node, written by hand (MaxMind DB file format 2.0): addresses that begin with 0 are in Germany,
/// the others are in nobody's list.
class MaxMindRegionsTest {

    @Test
    void countryIsTheRegion(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("countries.mmdb");
        Files.write(file, database());
        try (MaxMindRegions regions = MaxMindRegions.open(file)) {
            assertThat(regions.of(IpRange.literal("10.1.2.3"))).isEqualTo("de");
            assertThat(regions.of(IpRange.literal("200.1.2.3"))).isEmpty();
        }
        try (Regions regions =
                new Regions(List.of(CidrMap.of(List.of("10.1.0.0/16 office")), MaxMindRegions.open(file)))) {
            assertThat(regions.of(IpRange.literal("10.1.2.3"))).isEqualTo("office");
            assertThat(regions.of(IpRange.literal("10.2.2.3"))).isEqualTo("de");
            assertThat(regions.of(IpRange.literal("200.2.2.3"))).isEmpty();
        }
    }

    private static byte[] database() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        // One node of two 24-bit records: data at offset 0 of the data section (node count + 16), and nothing (node
        // count).
        out.writeBytes(new byte[] {0, 0, 17, 0, 0, 1});
        out.writeBytes(new byte[16]);
        map(out, 1);
        text(out, "country");
        map(out, 1);
        text(out, "iso_code");
        text(out, "DE");
        out.writeBytes(new byte[] {(byte) 0xab, (byte) 0xcd, (byte) 0xef});
        out.writeBytes("MaxMind.com".getBytes(StandardCharsets.US_ASCII));
        map(out, 9);
        text(out, "node_count");
        out.writeBytes(new byte[] {(byte) 0xc1, 1});
        text(out, "record_size");
        out.writeBytes(new byte[] {(byte) 0xa1, 24});
        text(out, "ip_version");
        out.writeBytes(new byte[] {(byte) 0xa1, 4});
        text(out, "database_type");
        text(out, "Country");
        text(out, "languages");
        // An empty array: an extended type, 11 = 7 + 4.
        out.writeBytes(new byte[] {0, 4});
        text(out, "binary_format_major_version");
        out.writeBytes(new byte[] {(byte) 0xa1, 2});
        text(out, "binary_format_minor_version");
        out.writeBytes(new byte[] {(byte) 0xa0});
        text(out, "build_epoch");
        // uint64: an extended type, 9 = 7 + 2, one octet.
        out.writeBytes(new byte[] {1, 2, 1});
        text(out, "description");
        map(out, 0);
        return out.toByteArray();
    }

    private static void map(ByteArrayOutputStream out, int size) {
        out.write(7 << 5 | size);
    }

    private static void text(ByteArrayOutputStream out, String text) {
        out.write(2 << 5 | text.length());
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
