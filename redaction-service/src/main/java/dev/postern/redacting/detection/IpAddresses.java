package dev.postern.redacting.detection;

/// IP addresses that can belong to somebody: loopback, unspecified and netmasks are let through, because hiding
/// `127.0.0.1` harms the answer and protects nobody.
final class IpAddresses {
    private IpAddresses() {}

    static int acceptV4(String text, int start, int end) {
        String[] octets = text.substring(start, end).split("\\.", -1);
        if (octets.length != 4) {
            return Check.REJECTED;
        }
        for (String octet : octets) {
            if ((octet.length() > 1 && octet.startsWith("0")) || Integer.parseInt(octet) > 255) {
                return Check.REJECTED;
            }
        }
        int first = Integer.parseInt(octets[0]);
        return first == 0 || first == 127 || first == 255 ? Check.REJECTED : end;
    }

    /// RFC 4291 text forms, without zone and without embedded IPv4 (the IPv4 rule takes that part). A compressed form
    /// needs a digit, and three groups or a long first part: `a::b` is more often a scope operator.
    static int acceptV6(String text, int start, int end) {
        String address = text.substring(start, end);
        int gap = address.indexOf("::");
        if (gap != address.lastIndexOf("::")) {
            return Check.REJECTED;
        }
        int groups = 0;
        for (String group : address.split(":", -1)) {
            if (group.length() > 4) {
                return Check.REJECTED;
            }
            groups += group.isEmpty() ? 0 : 1;
        }
        boolean whole = gap < 0 && groups == 8;
        boolean compressed = gap >= 0
                && groups >= 2
                && groups <= 7
                && (groups > 2 || gap >= 3)
                && address.chars().anyMatch(Character::isDigit)
                && singleColonsInside(address);
        return whole || compressed ? end : Check.REJECTED;
    }

    private static boolean singleColonsInside(String address) {
        boolean opens = address.startsWith(":") && !address.startsWith("::");
        boolean closes = address.endsWith(":") && !address.endsWith("::");
        return !opens && !closes && !address.contains(":::");
    }
}
