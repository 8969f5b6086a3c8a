package dev.postern.sts.admin;

import java.util.Optional;

/// What can be made to need a second person (`postern.sts.approvals`).
enum ApprovalArea {
    /// Policy versions, and roles and budgets in them.
    POLICIES,
    ISSUERS,
    /// Clients that hold or would hold a scope `admin:…`.
    ADMIN_CLIENTS;

    Optional<ApprovalArea> when(boolean concerned) {
        return concerned ? Optional.of(this) : Optional.empty();
    }
}
