package dev.postern.chassis.identity;

import dev.postern.trust.KeyStates;
import java.math.BigInteger;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Which certificates a message of the trust feed denies: the class `service-cert` has serials, in hexadecimal, as key
/// ids. The ledger takes no id for a key of another class that looks like one.
final class CompromisedSerials {
    /// RFC 5280 section 4.1.2.2: at most 20 octets.
    private static final Pattern SERIAL = Pattern.compile("[0-9a-f]{16,40}");

    private CompromisedSerials() {}

    static Set<BigInteger> of(KeyStates states) {
        return states.states().entrySet().stream()
                .filter(key -> key.getValue() == KeyStates.State.COMPROMISED)
                .map(Map.Entry::getKey)
                .filter(kid -> SERIAL.matcher(kid).matches())
                .map(kid -> new BigInteger(kid, 16))
                .collect(Collectors.toUnmodifiableSet());
    }
}
