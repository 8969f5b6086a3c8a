package dev.postern.sts.admin;

import java.util.EnumSet;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What the administration is told.
///
/// @param approvals which changes need a second person: `policies`, `issuers`, `admin-clients`; none by default. Any of
///     them brings `admin-clients` along: who may make clients that administer alone makes the second person
@ConfigurationProperties("postern.sts")
record AdminProperties(@DefaultValue Set<ApprovalArea> approvals) {
    AdminProperties {
        Set<ApprovalArea> all = approvals.isEmpty() ? EnumSet.noneOf(ApprovalArea.class) : EnumSet.copyOf(approvals);
        if (!all.isEmpty()) {
            all.add(ApprovalArea.ADMIN_CLIENTS);
        }
        approvals = Set.copyOf(all);
    }
}
