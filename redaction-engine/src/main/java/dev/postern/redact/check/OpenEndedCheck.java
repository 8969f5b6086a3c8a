package dev.postern.redact.check;

import java.util.List;

/// A check whose values go on until something closes them, or to the end of the text. A stream leaves out all that
/// follows such a value until it is closed.
public interface OpenEndedCheck extends Check {
    int OPEN = -1;

    /// What closes a value: these, one after the other.
    List<String> closing();

    /// Where a value is closed, searched from `from` on, or [#OPEN].
    default int closed(String text, int from) {
        int at = from;
        for (String landmark : closing()) {
            int found = text.indexOf(landmark, at);
            if (found < 0) {
                return OPEN;
            }
            at = found + landmark.length();
        }
        return at;
    }

    @Override
    default int accept(String text, int start, int end) {
        int closed = closed(text, end);
        return closed == OPEN ? text.length() : closed;
    }
}
