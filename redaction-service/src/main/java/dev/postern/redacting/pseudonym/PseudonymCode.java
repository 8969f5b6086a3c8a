package dev.postern.redacting.pseudonym;

/// The form of a pseudonym: type, `_`, five characters and a check character: `PERSON_7K2Q9F`.
///
/// The alphabet is Crockford's base 32 (no I, L, O, U). The check character is a weighted sum in GF(32), so every
/// single wrong character and every swap of two neighbours shows. Types hold no `_` and codes have one length, so no
/// pseudonym is a prefix of another.
public final class PseudonymCode {
    public static final int CODE_LENGTH = 6;
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int POLYNOMIAL = 0b100101; // x^5 + x^2 + 1, primitive

    private PseudonymCode() {}

    /// @param bits the lowest 25 are used
    static String write(String type, int bits) {
        StringBuilder code = new StringBuilder(type).append('_');
        int check = 0;
        for (int i = 0; i < CODE_LENGTH - 1; i++) {
            int symbol = bits >> (5 * i) & 31;
            check = timesX(check ^ symbol);
            code.append(ALPHABET.charAt(symbol));
        }
        return code.append(ALPHABET.charAt(check)).toString();
    }

    /// Whether the check character of a well-formed pseudonym fits.
    public static boolean checks(String pseudonym) {
        int check = 0;
        int first = pseudonym.length() - CODE_LENGTH;
        for (int i = first; i < pseudonym.length() - 1; i++) {
            int symbol = ALPHABET.indexOf(pseudonym.charAt(i));
            if (symbol < 0) {
                return false;
            }
            check = timesX(check ^ symbol);
        }
        return first > 0 && ALPHABET.charAt(check) == pseudonym.charAt(pseudonym.length() - 1);
    }

    private static int timesX(int element) {
        int doubled = element << 1;
        return (doubled & 32) == 0 ? doubled : doubled ^ POLYNOMIAL;
    }
}
