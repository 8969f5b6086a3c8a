package dev.postern.redact.scan;

import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// The forms in which a phrase is written: as it is, shortened (`licence no`, `n° fiscal`, `Passnr`, `D.N.I.`), as a
/// field is named after it (`tax_id`, `tax-id`, `taxId`), and each of these without accents, as who has no such keys
/// writes it.
final class PhraseForms {
    /// Shorter words are other words without their accents: `año`, `né`.
    private static final int SHORTEST_PLAIN = 5;
    private static final int LONGEST_ACRONYM = 4;
    private static final int ASCII = 128;
    private static final Map<String, String> SHORT_ENDS = Map.of(" number", " no", "nummer", "nr", "nummern", "nrn");
    private static final Map<String, String> SHORT_STARTS =
            Map.of("numéro ", "n° ", "número ", "nº ", "numero ", "n. ");

    private PhraseForms() {}

    static Set<String> of(String phrase) {
        Set<String> written = new LinkedHashSet<>();
        written.add(phrase);
        SHORT_ENDS.forEach((end, shorter) -> {
            if (phrase.endsWith(end) && phrase.length() > end.length()) {
                written.add(phrase.substring(0, phrase.length() - end.length()) + shorter);
            }
        });
        SHORT_STARTS.forEach((start, shorter) -> {
            if (phrase.startsWith(start)) {
                written.add(shorter + phrase.substring(start.length()));
            }
        });
        if (phrase.length() >= 2
                && phrase.length() <= LONGEST_ACRONYM
                && phrase.chars().allMatch(Character::isLetter)) {
            written.add(String.join(".", phrase.split("")) + ".");
        }
        Set<String> forms = new LinkedHashSet<>();
        for (String form : written) {
            addNames(form, forms);
            if (form.length() >= SHORTEST_PLAIN && !form.chars().allMatch(c -> c < ASCII)) {
                addNames(plain(form), forms);
                addNames(plain(spelledOut(form)), forms);
            }
        }
        return forms;
    }

    private static void addNames(String phrase, Set<String> forms) {
        forms.add(phrase);
        if (phrase.indexOf(' ') > 0) {
            forms.add(phrase.replace(' ', '_'));
            forms.add(phrase.replace(' ', '-'));
            forms.add(phrase.replace(" ", ""));
        }
        if (phrase.indexOf('-') > 0) {
            forms.add(phrase.replace('-', '_'));
            forms.add(phrase.replace("-", ""));
        }
    }

    private static String plain(String phrase) {
        StringBuilder plain = new StringBuilder(phrase.length());
        String decomposed = Normalizer.normalize(phrase, Normalizer.Form.NFD);
        for (int i = 0; i < decomposed.length(); i++) {
            char c = decomposed.charAt(i);
            if (c < 0x300 || c > 0x36F) {
                plain.append(
                        switch (c) {
                            case 'ł' -> 'l';
                            case 'ø' -> 'o';
                            case 'đ' -> 'd';
                            case 'ı' -> 'i';
                            case '’' -> '\'';
                            default -> c;
                        });
            }
        }
        return Normalizer.normalize(plain, Normalizer.Form.NFC);
    }

    /// As in German without umlauts.
    private static String spelledOut(String phrase) {
        return phrase.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss");
    }
}
