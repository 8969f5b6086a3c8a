package dev.postern.redact.check;

import java.util.Set;

/// Licence plates of any country: groups of letters and digits, both of them, four to nine characters in all.
final class Plates {
    private static final int SHORTEST = 4;
    private static final int LONGEST = 9;
    private static final int MOST_LETTERS = 4;
    /// What a number often follows and is no plate.
    private static final Set<String> OTHERS = Set.of(
            "RFC", "ISO", "DIN", "IEC", "IEEE", "CVE", "CWE", "HTTP", "USB", "SKU", "ID", "NO", "NR", "PR", "TCP",
            "UDP", "UTF", "SHA", "AES", "RSA", "MD", "UTC", "GMT", "AM", "PM", "MP", "PS", "QA", "EN", "US", "EU", "UK",
            "GB", "MB", "KB", "TB", "GHZ", "MHZ", "KM", "KG", "CM", "MM", "ML", "USD", "EUR", "GBP", "CHF", "JPY",
            "INR", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC", "AND", "THE",
            "FOR", "TOP", "BIG", "API", "CPU", "GPU", "RAM", "SSD", "PDF", "DOI", "ART", "SEC", "FIG", "TAB", "VOL",
            "PP", "ED", "CH", "BC", "AD", "CE", "FM", "TV", "PC", "IP", "OS", "GT", "ZIP", "PIN", "AGE", "COVID");

    private Plates() {}

    /// As many of the groups as make a plate.
    static int accept(String text, int start, int end) {
        int accepted = Check.REJECTED;
        int characters = 0;
        int digits = 0;
        int letters = 0;
        for (int i = start; i < end && characters <= LONGEST; i++) {
            char c = text.charAt(i);
            if (Character.isLetterOrDigit(c)) {
                characters++;
                digits += Character.isDigit(c) ? 1 : 0;
                letters = Character.isDigit(c) ? 0 : letters + 1;
            }
            if (letters > MOST_LETTERS) {
                return accepted;
            }
            boolean groupEnds = i + 1 == end || !Character.isLetterOrDigit(text.charAt(i + 1));
            boolean plate = characters >= SHORTEST && characters <= LONGEST && digits > 0 && digits < characters;
            if (groupEnds && plate && Character.isLetterOrDigit(c)) {
                accepted = i + 1;
            }
        }
        return accepted;
    }

    /// The same where no word around says that it is one: not what is called by a number.
    static int acceptByItself(String text, int start, int end) {
        int to = start;
        while (to < end && Character.isLetter(text.charAt(to))) {
            to++;
        }
        boolean numbered = text.substring(to, end).chars().noneMatch(Character::isLetter);
        return numbered && OTHERS.contains(text.substring(start, to)) ? Check.REJECTED : accept(text, start, end);
    }
}
