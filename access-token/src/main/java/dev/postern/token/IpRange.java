package dev.postern.token;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/// A block of addresses in CIDR form (RFC 4632, RFC 4291 section 2.3): `10.0.0.0/8`, `2001:db8::/32`, or one address.
///
/// IPv4-mapped IPv6 addresses are IPv4 addresses. Never asks a name service: only literals are read.
public final class IpRange {

    private static final int MAX_LENGTH = 64;

    private final byte[] network;
    private final int prefix;

    private IpRange(byte[] network, int prefix) {
        this.network = network;
        this.prefix = prefix;
    }

    /// Reads a block, or an address as the block that holds only it.
    ///
    /// @throws IllegalArgumentException if it is neither, or has bits set behind the prefix
    public static IpRange parse(String text) {
        int slash = text.indexOf('/');
        byte[] address = literal(slash < 0 ? text : text.substring(0, slash)).getAddress();
        int bits = address.length * 8;
        int prefix = slash < 0 ? bits : prefix(text.substring(slash + 1), bits);
        for (int bit = prefix; bit < bits; bit++) {
            if ((address[bit / 8] & (0x80 >>> (bit % 8))) != 0) {
                throw new IllegalArgumentException("an address block has no bits behind its prefix");
            }
        }
        return new IpRange(address, prefix);
    }

    /// An address written as one, without asking anybody.
    ///
    /// @throws IllegalArgumentException for anything else, names included
    public static InetAddress literal(String text) {
        // The JDK also reads 10.1 as 10.0.0.1: nobody who writes that down means it.
        boolean shortened = text.indexOf(':') < 0
                && text.chars().filter(character -> character == '.').count() != 3;
        if (text.isEmpty() || text.length() > MAX_LENGTH || text.indexOf('%') >= 0 || shortened) {
            throw new IllegalArgumentException("not an IP address");
        }
        return InetAddress.ofLiteral(text);
    }

    private static int prefix(String text, int bits) {
        if (!text.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(text) > bits) {
            throw new IllegalArgumentException("not a prefix length");
        }
        return Integer.parseInt(text);
    }

    public boolean contains(InetAddress address) {
        byte[] other = unmapped(address);
        if (other.length != network.length) {
            return false;
        }
        int whole = prefix / 8;
        if (!Arrays.equals(network, 0, whole, other, 0, whole)) {
            return false;
        }
        int rest = prefix % 8;
        return rest == 0 || ((network[whole] ^ other[whole]) & (0xff00 >>> rest) & 0xff) == 0;
    }

    private static byte[] unmapped(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (!(address instanceof Inet6Address) || bytes.length != 16) {
            return bytes;
        }
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return bytes;
            }
        }
        return bytes[10] == -1 && bytes[11] == -1 ? Arrays.copyOfRange(bytes, 12, 16) : bytes;
    }

    /// Whether every address of `other` lies in this block.
    public boolean covers(IpRange other) {
        try {
            return other.network.length == network.length
                    && other.prefix >= prefix
                    && contains(InetAddress.getByAddress(other.network));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 octets", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IpRange range && prefix == range.prefix && Arrays.equals(network, range.network);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(network) + prefix;
    }

    /// The canonical text, as it was given.
    @Override
    public String toString() {
        try {
            return InetAddress.getByAddress(network).getHostAddress() + "/" + prefix;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 octets", e);
        }
    }
}
