package dev.postern.redact.name;

/// The classifier's tags: outside, and for each kind its first token and its further ones.
final class Tags {
    static final int OUTSIDE = 0;
    static final int COUNT = 13;

    private Tags() {}

    static int first(NameKind kind) {
        return switch (kind) {
            case PERSON -> 1;
            case LOCATION -> 3;
            case ORGANIZATION -> 5;
            case NRP -> 7;
            case ADDRESS -> 9;
            case OTHER -> 11;
        };
    }

    static int further(NameKind kind) {
        return first(kind) + 1;
    }

    static boolean isFirst(int tag) {
        return (tag & 1) == 1;
    }

    static boolean isFurther(int tag) {
        return tag > 0 && !isFirst(tag);
    }

    /// The kind of a tag that is not [#OUTSIDE].
    static NameKind kind(int tag) {
        return switch ((tag - 1) >> 1) {
            case 0 -> NameKind.PERSON;
            case 1 -> NameKind.LOCATION;
            case 2 -> NameKind.ORGANIZATION;
            case 3 -> NameKind.NRP;
            case 4 -> NameKind.ADDRESS;
            default -> NameKind.OTHER;
        };
    }

    /// Names go on only where they began.
    static boolean mayFollow(int before, int tag) {
        return !isFurther(tag) || before == tag || before == tag - 1;
    }
}
