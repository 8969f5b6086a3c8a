package dev.postern.redact.onnx;

import dev.postern.redact.name.NameKind;
import dev.postern.redact.name.UnusableNameModel;
import java.util.Locale;
import java.util.Optional;

/// What a model's label says of a word.
///
/// @param kind empty outside of names
/// @param begins whether a name of the same kind that goes on before it has ended
record TagLabel(Optional<NameKind> kind, boolean begins) {
    private static final String KNOWN =
            "PER, PERSON, LOC, LOCATION, GPE, FAC, ORG, ORGANIZATION, NORP, NRP, ADDRESS, MISC"
                    + " and what OntoNotes has beside";

    /// `O`; `PER` alone, or after `B-`, `I-`, `E-`, `L-`, `S-` or `U-`.
    ///
    /// @throws UnusableNameModel when it is none of those that are known
    static TagLabel of(String label) {
        if (label.equals("O")) {
            return new TagLabel(Optional.empty(), false);
        }
        boolean prefixed = label.length() > 2 && (label.charAt(1) == '-' || label.charAt(1) == '_');
        char prefix = prefixed ? label.charAt(0) : 'I';
        if ("BIELSU".indexOf(prefix) < 0) {
            throw unknown(label);
        }
        return new TagLabel(
                Optional.of(kind(prefixed ? label.substring(2) : label, label)), "BSU".indexOf(prefix) >= 0);
    }

    private static NameKind kind(String name, String label) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "PER", "PERSON", "PERS" -> NameKind.PERSON;
            case "LOC", "LOCATION", "GPE", "FAC" -> NameKind.LOCATION;
            case "ORG", "ORGANIZATION", "ORGANISATION" -> NameKind.ORGANIZATION;
            case "NORP", "NRP" -> NameKind.NRP;
            case "ADDRESS", "STREET_ADDRESS" -> NameKind.ADDRESS;
            case "MISC",
                    "OTHER",
                    "PRODUCT",
                    "EVENT",
                    "WORK_OF_ART",
                    "LAW",
                    "LANGUAGE",
                    "DATE",
                    "TIME",
                    "PERCENT",
                    "MONEY",
                    "QUANTITY",
                    "ORDINAL",
                    "CARDINAL" -> NameKind.OTHER;
            default -> throw unknown(label);
        };
    }

    private static UnusableNameModel unknown(String label) {
        return new UnusableNameModel("config.json has the label \"" + shortened(label) + "\", and only " + KNOWN
                + " are known: rename it in id2label");
    }

    private static String shortened(String label) {
        return label.length() <= 40 ? label : label.substring(0, 40) + "…";
    }
}
