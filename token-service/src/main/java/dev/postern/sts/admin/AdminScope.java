package dev.postern.sts.admin;

/// What an administrator's token may do. They do not include each other.
enum AdminScope {
    READ("admin:read"),
    CLIENTS("admin:clients"),
    POLICIES("admin:policies"),
    REVOKE("admin:revoke"),
    APPROVE("admin:approve");

    private final String wireName;

    AdminScope(String wireName) {
        this.wireName = wireName;
    }

    String wireName() {
        return wireName;
    }
}
