package dev.postern.sts.admin;

import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What the administration is told.
///
/// @param approvals which changes need a second person: `policies`, `issuers`, `admin-clients`; none by default
@ConfigurationProperties("postern.sts")
record AdminProperties(@DefaultValue Set<ApprovalArea> approvals) {
    AdminProperties {
        approvals = Set.copyOf(approvals);
    }
}
