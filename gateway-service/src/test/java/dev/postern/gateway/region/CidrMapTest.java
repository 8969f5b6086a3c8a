package dev.postern.gateway.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.token.IpRange;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class CidrMapTest {

    private final CidrMap map = CidrMap.of(List.of(
            "# Where we are.",
            "10.0.0.0/8   eu",
            "10.1.0.0/16  eu-west   # the west",
            "10.1.2.3     us",
            "",
            "2001:db8::/32 eu",
            "2001:db8:1::/48 us"));

    @ParameterizedTest
    @CsvSource({
        "10.2.0.1,eu",
        "10.1.9.9,eu-west",
        "10.1.2.3,us",
        "10.1.2.4,eu-west",
        "11.0.0.1,''",
        "::ffff:10.1.2.3,us",
        "2001:db8::1,eu",
        "2001:db8:1::1,us",
        "2001:db9::1,''",
        "::1,''",
    })
    void longestBlockCounts(String address, String region) {
        assertThat(map.of(IpRange.literal(address))).isEqualTo(region);
    }

    @Test
    void everythingMayHaveARegion() {
        CidrMap all = CidrMap.of(List.of("0.0.0.0/0 any", "::/0 six"));
        assertThat(all.of(IpRange.literal("8.8.8.8"))).isEqualTo("any");
        assertThat(all.of(IpRange.literal("2001::1"))).isEqualTo("six");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0.0/8", "10.0.0.1/8 eu", "localhost eu", "10.0.0.0/33 eu", "10.0.0.0/8 EU", "10/8 eu", "eu"
            })
    void lineThatIsWrongIsNamed(String line) {
        assertThatThrownBy(() -> CidrMap.of(List.of("# first", line)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 2 ");
    }

    @Test
    void blockHasOneRegion() {
        assertThatThrownBy(() -> CidrMap.of(List.of("10.0.0.0/8 eu", "10.0.0.0/8 us")))
                .hasMessageContaining("line 2 ");
    }

    @Test
    void filesThatAreNoneAreRefusedAtTheStart() {
        assertThatThrownBy(() -> CidrMap.read(Path.of("/nonexistent"))).hasMessageContaining("cidr-map");
        assertThatThrownBy(() -> MaxMindRegions.open(Path.of("/nonexistent"))).hasMessageContaining("maxmind-db");
        assertThatThrownBy(() -> MaxMindRegions.open(Path.of("pom.xml"))).hasMessageContaining("maxmind-db");
    }

    @Test
    void propertiesBindAndDefaultToNowhere() {
        assertThat(bind(Map.of())).isEqualTo(new RegionProperties(null, null));
        assertThat(bind(Map.of(
                        "postern.gateway.region.cidr-map", "/a", "postern.gateway.region.maxmind-db", "/b.mmdb")))
                .isEqualTo(new RegionProperties(Path.of("/a"), Path.of("/b.mmdb")));
    }

    private static RegionProperties bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("postern.gateway.region", RegionProperties.class);
    }
}
