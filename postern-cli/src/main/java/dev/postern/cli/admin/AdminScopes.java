package dev.postern.cli.admin;

/// Which scope a call to the admin API needs: a token is asked for with that one only.
final class AdminScopes {
    private AdminScopes() {}

    static String forCall(String method, String path) {
        if (method.equals("GET") || path.equals("/policies/dry-run")) {
            return "admin:read";
        }
        return switch (path.split("[/?]", 3)[1]) {
            case "policies", "roles", "budgets" -> "admin:policies";
            case "revocations", "sessions" -> "admin:revoke";
            case "approvals" -> "admin:approve";
            default -> "admin:clients";
        };
    }
}
