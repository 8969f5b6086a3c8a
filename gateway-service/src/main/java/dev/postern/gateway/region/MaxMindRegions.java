package dev.postern.gateway.region;

import com.maxmind.db.CHMCache;
import com.maxmind.db.Reader;
import dev.postern.gateway.policy.RegionOf;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/// Regions by a MaxMind database that is held in memory: the country, else the country of registration. A record that
/// cannot be read is an unknown region. Thread-safe.
final class MaxMindRegions implements RegionOf, AutoCloseable {

    private final Reader reader;

    private MaxMindRegions(Reader reader) {
        this.reader = reader;
    }

    static MaxMindRegions open(Path file) {
        try {
            return new MaxMindRegions(new Reader(file.toFile(), Reader.FileMode.MEMORY, new CHMCache()));
        } catch (IOException e) {
            throw new IllegalArgumentException("postern.gateway.region.maxmind-db is no MaxMind database: " + file, e);
        }
    }

    @Override
    public String of(InetAddress address) {
        try {
            Map<?, ?> found = reader.get(address, Map.class);
            return found == null ? UNKNOWN : country(found);
        } catch (IOException | RuntimeException _) {
            return UNKNOWN;
        }
    }

    private static String country(Map<?, ?> found) {
        for (String member : new String[] {"country", "registered_country"}) {
            if (found.get(member) instanceof Map<?, ?> country && country.get("iso_code") instanceof String code) {
                return code.toLowerCase(Locale.ROOT);
            }
        }
        return UNKNOWN;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
