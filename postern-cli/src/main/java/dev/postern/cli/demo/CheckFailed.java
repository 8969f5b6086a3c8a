package dev.postern.cli.demo;

/// The platform did something else than it should. The sentence holds no user text.
final class CheckFailed extends Exception {
    private static final long serialVersionUID = 1;

    CheckFailed(String sentence) {
        super(sentence);
    }

    static void unless(boolean condition, String sentence) throws CheckFailed {
        if (!condition) {
            throw new CheckFailed(sentence);
        }
    }
}
