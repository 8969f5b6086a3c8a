package dev.postern.gateway.region;

import dev.postern.gateway.policy.RegionOf;
import dev.postern.token.IpRange;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Regions by blocks of addresses. The longest block that holds an address counts; IPv4-mapped IPv6 addresses are IPv4
/// addresses. Immutable and thread-safe.
final class CidrMap implements RegionOf {

    private static final int MAX_LINES = 100_000;
    private static final Pattern LINE = Pattern.compile("(\\S+)\\s+([a-z0-9][a-z0-9-]{0,31})");

    /// Blocks of one length, by their first bits.
    private record Length(int prefix, Map<BigInteger, String> regions) {}

    private final List<Length> ipv4;
    private final List<Length> ipv6;

    private CidrMap(List<Length> ipv4, List<Length> ipv6) {
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
    }

    static CidrMap read(Path file) {
        try {
            return of(Files.readAllLines(file));
        } catch (IOException e) {
            throw new IllegalArgumentException("postern.gateway.region.cidr-map cannot be read: " + file, e);
        }
    }

    /// @throws IllegalArgumentException with the number of the first line that is wrong
    static CidrMap of(List<String> lines) {
        if (lines.size() > MAX_LINES) {
            throw new IllegalArgumentException("a region map has at most " + MAX_LINES + " lines");
        }
        Map<Integer, Map<BigInteger, String>> ipv4 = new TreeMap<>(Comparator.reverseOrder());
        Map<Integer, Map<BigInteger, String>> ipv6 = new TreeMap<>(Comparator.reverseOrder());
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).replaceFirst("#.*", "").strip();
            if (!line.isEmpty() && !add(line, ipv4, ipv6)) {
                throw new IllegalArgumentException("line " + (i + 1)
                        + " of the region map is not a new block and a region of small letters, digits and hyphens,"
                        + " like 10.0.0.0/8 eu");
            }
        }
        return new CidrMap(lengths(ipv4), lengths(ipv6));
    }

    private static boolean add(
            String line, Map<Integer, Map<BigInteger, String>> ipv4, Map<Integer, Map<BigInteger, String>> ipv6) {
        Matcher match = LINE.matcher(line);
        if (!match.matches()) {
            return false;
        }
        String block = match.group(1);
        int slash = block.indexOf('/');
        try {
            IpRange.parse(block);
            byte[] address = IpRange.literal(slash < 0 ? block : block.substring(0, slash))
                    .getAddress();
            int bits = address.length * 8;
            int prefix = slash < 0 ? bits : Integer.parseInt(block.substring(slash + 1));
            return (bits == 32 ? ipv4 : ipv6)
                            .computeIfAbsent(prefix, _ -> new HashMap<>())
                            .putIfAbsent(first(address, prefix), match.group(2))
                    == null;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static List<Length> lengths(Map<Integer, Map<BigInteger, String>> byPrefix) {
        return byPrefix.entrySet().stream()
                .map(entry -> new Length(entry.getKey(), Map.copyOf(entry.getValue())))
                .toList();
    }

    @Override
    public String of(InetAddress address) {
        byte[] bytes = unmapped(address.getAddress());
        for (Length length : bytes.length == 4 ? ipv4 : ipv6) {
            String region = length.regions().get(first(bytes, length.prefix()));
            if (region != null) {
                return region;
            }
        }
        return UNKNOWN;
    }

    private static BigInteger first(byte[] address, int bits) {
        return new BigInteger(1, address).shiftRight(address.length * 8 - bits);
    }

    private static byte[] unmapped(byte[] address) {
        if (address.length != 16) {
            return address;
        }
        for (int i = 0; i < 12; i++) {
            if (address[i] != (i < 10 ? 0 : -1)) {
                return address;
            }
        }
        return Arrays.copyOfRange(address, 12, 16);
    }
}
