package dev.postern.redact.name;

/// The classifier's tags: outside, and for each kind its first token and its further ones.
final class Tags {
    static final int OUTSIDE = 0;
    private static final NameKind[] KINDS = NameKind.values();
    static final int COUNT = 1 + 2 * KINDS.length;

    private Tags() {}

    static int first(NameKind kind) {
        return 1 + 2 * kind.ordinal();
    }

    static int further(NameKind kind) {
        return 2 + 2 * kind.ordinal();
    }

    static boolean isFirst(int tag) {
        return (tag & 1) == 1;
    }

    static boolean isFurther(int tag) {
        return tag > 0 && (tag & 1) == 0;
    }

    static NameKind kind(int tag) {
        return KINDS[(tag - 1) >> 1];
    }

    /// Names go on only where they began.
    static boolean mayFollow(int before, int tag) {
        return !isFurther(tag) || (before > 0 && kind(before) == kind(tag));
    }
}
