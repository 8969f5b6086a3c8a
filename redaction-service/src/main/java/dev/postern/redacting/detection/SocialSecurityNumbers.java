package dev.postern.redacting.detection;

/// US social security numbers: area 001-665 or 667-899, group 01-99, serial 0001-9999.
///
/// The famous advertising numbers (078-05-1120) are kept as hits: removing one more number from a prompt harms nobody.
final class SocialSecurityNumbers {
    private SocialSecurityNumbers() {}

    static int accept(String text, int start, int end) {
        StringBuilder digits = new StringBuilder(9);
        for (int i = start; i < end; i++) {
            if (Character.isDigit(text.charAt(i))) {
                digits.append((char) ('0' + Character.digit(text.charAt(i), 10)));
            }
        }
        if (digits.length() != 9) {
            return Check.REJECTED;
        }
        int area = Integer.parseInt(digits, 0, 3, 10);
        int group = Integer.parseInt(digits, 3, 5, 10);
        int serial = Integer.parseInt(digits, 5, 9, 10);
        boolean issuable = area != 0 && area != 666 && area < 900 && group != 0 && serial != 0;
        return issuable ? end : Check.REJECTED;
    }
}
