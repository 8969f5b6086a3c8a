package dev.postern.redact.name;

import java.util.List;

/// A text whose names are known.
record TrainingText(String text, List<Name> names) {
    record Name(int start, int end, NameKind kind) {}

    TrainingText lowerCase() {
        char[] chars = text.toCharArray();
        for (int i = 0; i < chars.length; i++) {
            chars[i] = Character.toLowerCase(chars[i]);
        }
        return new TrainingText(new String(chars), names);
    }

    TrainingText capitals() {
        char[] chars = text.toCharArray();
        for (int i = 0; i < chars.length; i++) {
            chars[i] = Character.toUpperCase(chars[i]);
        }
        return new TrainingText(new String(chars), names);
    }

    /// The names of people without capitals, as some write them.
    TrainingText lowerCaseNames() {
        char[] chars = text.toCharArray();
        for (Name name : names) {
            for (int i = name.start(); name.kind() == NameKind.PERSON && i < name.end(); i++) {
                chars[i] = Character.toLowerCase(chars[i]);
            }
        }
        return new TrainingText(new String(chars), names);
    }
}
