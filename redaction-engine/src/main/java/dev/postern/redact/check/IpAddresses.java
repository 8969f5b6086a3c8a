package dev.postern.redact.check;

/// IP addresses in text, with an optional prefix length.
final class IpAddresses {
    private static final int OCTETS = 4;

    private IpAddresses() {}

    static int acceptV4(String text, int start, int end) {
        int slash = text.indexOf('/', start, end);
        int cut = slash < 0 ? end : slash;
        if (!v4(text.substring(start, cut))) {
            return Check.REJECTED;
        }
        return slash >= 0 && prefix(text, slash + 1, end, 32) ? end : cut;
    }

    /// RFC 4291 text forms, with embedded IPv4, zone and prefix length. `a::b` without a digit is more often a scope
    /// operator, and `::` alone is nobody's address.
    static int acceptV6(String text, int start, int end) {
        int slash = text.indexOf('/', start, end);
        int cut = slash < 0 ? end : slash;
        int zone = text.indexOf('%', start, cut);
        String address = text.substring(start, zone < 0 ? cut : zone);
        if (!v6(address)) {
            return Check.REJECTED;
        }
        return slash >= 0 && prefix(text, slash + 1, end, 128) ? end : cut;
    }

    private static boolean prefix(String text, int from, int to, int most) {
        return to > from && to - from <= 3 && Integer.parseInt(text, from, to, 10) <= most;
    }

    /// Whether four octets stand at the beginning.
    static boolean begins(String text, int start, int end) {
        int dotted = start;
        int dots = 0;
        while (dotted < end && (text.charAt(dotted) == '.' || Character.isDigit(text.charAt(dotted)))) {
            dots += text.charAt(dotted) == '.' ? 1 : 0;
            dotted++;
        }
        return dots == OCTETS - 1 && v4(text.substring(start, dotted));
    }

    private static boolean v4(String address) {
        String[] octets = address.split("\\.", -1);
        if (octets.length != OCTETS) {
            return false;
        }
        for (String octet : octets) {
            if (octet.isEmpty()
                    || octet.length() > 3
                    || (octet.length() > 1 && octet.startsWith("0"))
                    || Integer.parseInt(octet) > 255) {
                return false;
            }
        }
        return true;
    }

    private static boolean v6(String address) {
        int lastColon = address.lastIndexOf(':');
        boolean mixed = address.indexOf('.') >= 0;
        if (mixed && !v4(address.substring(lastColon + 1))) {
            return false;
        }
        String hex = mixed ? address.substring(0, lastColon + 1) + "0:0" : address;
        int gap = hex.indexOf("::");
        if (gap != hex.lastIndexOf("::") || hex.contains(":::")) {
            return false;
        }
        boolean opens = hex.startsWith(":") && gap != 0;
        boolean closes = hex.endsWith(":") && gap != hex.length() - 2;
        int groups = 0;
        for (String group : hex.split(":", -1)) {
            if (group.length() > 4) {
                return false;
            }
            groups += group.isEmpty() ? 0 : 1;
        }
        boolean whole = gap < 0 && groups == 8;
        boolean compressed =
                gap >= 0 && groups >= 1 && groups <= 7 && hex.chars().anyMatch(Character::isDigit);
        return !opens && !closes && (whole || compressed);
    }
}
