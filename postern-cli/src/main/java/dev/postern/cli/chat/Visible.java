package dev.postern.cli.chat;

/// Text that others wrote, made fit for a terminal: no control character but line break and tabulator passes, so that
/// an answer can neither move the cursor, nor rewrite what stands above it, nor type for the reader.
final class Visible {
    private Visible() {}

    static String text(String text) {
        return text.codePoints()
                .filter(c -> c == '\n' || c == '\t' || !Character.isISOControl(c))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
