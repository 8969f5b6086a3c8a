package dev.postern.redact.stream;

import java.util.List;

/// Looks for what closes a value: several landmarks, one after the other. Keeps no more text than one is long.
final class Closing {
    private final List<String> landmarks;
    private final StringBuilder tail = new StringBuilder();
    private int found;

    Closing(List<String> landmarks) {
        this.landmarks = landmarks;
    }

    /// Where in the text, read from a place on, the last landmark ends; -1 when it does not.
    int search(CharSequence text, int from) {
        for (int i = from; i < text.length(); i++) {
            String landmark = landmarks.get(found);
            tail.append(text.charAt(i));
            if (tail.length() > landmark.length()) {
                tail.deleteCharAt(0);
            }
            if (landmark.contentEquals(tail)) {
                tail.setLength(0);
                found++;
                if (found == landmarks.size()) {
                    return i + 1;
                }
            }
        }
        return -1;
    }
}
