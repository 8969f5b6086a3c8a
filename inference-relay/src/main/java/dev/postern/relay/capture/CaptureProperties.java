package dev.postern.relay.capture;

import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Whose prompts and answers are captured.
///
/// @param custodians a file with a line for each, any two of whom open what was captured
/// @param tenants whose; nobody's unless they are named, `*` stands for all
/// @param longest octets of one body that are captured; of a longer one its beginning, and how long it was
@ConfigurationProperties("postern.relay.capture")
public record CaptureProperties(
        @Nullable Path custodians,
        @DefaultValue Set<String> tenants,
        @DefaultValue("262144") int longest) {
    private static final String ALL = "*";
    /// With the custodians' shares it fits into the parts of a capture.
    private static final int MOST = 1 << 20;

    public CaptureProperties {
        tenants = Set.copyOf(tenants);
        if (longest < 1 || longest > MOST) {
            throw new IllegalArgumentException("postern.relay.capture.longest is 1 to " + MOST + " octets");
        }
        if (!tenants.isEmpty() && custodians == null) {
            throw new IllegalArgumentException(
                    "postern.relay.capture.tenants needs postern.relay.capture.custodians: who could open it?");
        }
    }

    boolean covers(String tenant) {
        return tenants.contains(ALL) || tenants.contains(tenant);
    }
}
