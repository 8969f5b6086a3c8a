package dev.postern.redact.check;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import java.util.List;
import java.util.regex.Pattern;

/// Telephone numbers by their numbering plans. Patterns propose, the plan decides: nearly every ten digits are a number
/// somewhere, so a national number without its country's shape needs context words as well.
final class PhoneNumbers {
    private static final PhoneNumberUtil PLANS = PhoneNumberUtil.getInstance();
    /// Where a number that is written like a telephone number is looked up.
    private static final List<String> REGIONS = List.of(
            "US", "GB", "DE", "FR", "ES", "IT", "NL", "PL", "BE", "AT", "CH", "IE", "PT", "SE", "DK", "NO", "FI", "CZ",
            "GR", "TR", "RU", "UA", "IL", "AE", "SA", "ZA", "NG", "KE", "IN", "PK", "BD", "CN", "JP", "KR", "TW", "HK",
            "SG", "MY", "TH", "ID", "PH", "VN", "AU", "NZ", "BR", "AR", "CL", "CO", "MX", "PE");
    private static final NumberPlans NATIONAL = new NumberPlans(PLANS, REGIONS);
    private static final PlainNumbers PLAIN = new PlainNumbers(PLANS);
    private static final int SHORTEST_NATIONAL = 8;
    private static final int SHORTEST = 7;
    private static final int LONGEST = 13;
    private static final Pattern ZIP = Pattern.compile("\\d{5}-\\d{4}");
    private static final Pattern FRACTION = Pattern.compile("\\d{1,3}\\.\\d{4,}");

    private PhoneNumbers() {}

    static int acceptInternational(String text, int start, int end) {
        String number = withoutExtension(text.substring(start, end)).strip();
        String dialled = number.startsWith("00") ? "+" + number.substring(2) : number;
        return PLAIN.valid(dialled) || (PLAIN.mayBeValid(dialled) && valid(dialled, "ZZ")) ? end : Check.REJECTED;
    }

    /// An assigned country code and a length that its plan has.
    static int acceptPossible(String text, int start, int end) {
        String number = withoutExtension(text.substring(start, end)).strip();
        String dialled = number.startsWith("00") ? "+" + number.substring(2) : number;
        return PLAIN.possible(dialled) || PLANS.isPossibleNumber(dialled, "ZZ") ? end : Check.REJECTED;
    }

    static int acceptNational(String text, int start, int end) {
        boolean date =
                digits(text, start, end) == SHORTEST_NATIONAL && Dates.accept(text, start, end) != Check.REJECTED;
        return !date
                        && digits(text, start, end) >= SHORTEST_NATIONAL
                        && validIn(withoutExtension(text.substring(start, end)))
                ? end
                : Check.REJECTED;
    }

    /// Beside a word such as "call", or alone: seven to thirteen digits that are no date and no other kind of number.
    /// No numbering plan is asked: some plan or other holds more than nine of ten such numbers.
    static int acceptAnywhere(String text, int start, int end) {
        boolean other = IpAddresses.begins(text, text.charAt(start) == '(' ? start + 1 : start, end)
                || FRACTION.matcher(text).region(start, end).matches()
                || Dates.begins(text, start, end)
                || zip(text, start, end);
        String number = withoutExtension(text.substring(start, end));
        int digits = digits(number, 0, number.length());
        return !other && digits >= SHORTEST && digits <= LONGEST ? end : Check.REJECTED;
    }

    /// "MA 02110-1301": a state, and a ZIP code of nine digits.
    private static boolean zip(String text, int start, int end) {
        return start >= 3
                && text.charAt(start - 1) == ' '
                && Character.isUpperCase(text.charAt(start - 2))
                && Character.isUpperCase(text.charAt(start - 3))
                && (start == 3 || !Character.isLetter(text.charAt(start - 4)))
                && ZIP.matcher(text).region(start, end).matches();
    }

    private static boolean validIn(String number) {
        StringBuilder digits = new StringBuilder(number.length());
        number.chars()
                .filter(Character::isDigit)
                .map(c -> Character.digit(c, 10))
                .forEach(digits::append);
        String all = digits.toString();
        // A number abroad is looked at once, since no region makes another of it.
        long abroad = 0;
        for (String region : REGIONS) {
            int sign = NATIONAL.international(all, region);
            if (sign == 0) {
                if (NATIONAL.mayBeValid(all, region) && (PLAIN.validIn(number, region) || valid(number, region))) {
                    return true;
                }
            } else if ((abroad >>> sign & 1) == 0) {
                String dialled = "+" + all.substring(sign);
                if (PLAIN.valid(dialled) || (PLAIN.mayBeValid(dialled) && valid(number, region))) {
                    return true;
                }
                abroad |= 1L << sign;
            }
        }
        return false;
    }

    private static boolean valid(String number, String region) {
        try {
            return PLANS.isValidNumber(PLANS.parse(number, region));
        } catch (NumberParseException _) {
            return false;
        }
    }

    private static String withoutExtension(String number) {
        int letter = 0;
        while (letter < number.length() && !Character.isLetter(number.charAt(letter)) && number.charAt(letter) != '#') {
            letter++;
        }
        return number.substring(0, letter);
    }

    private static int digits(String text, int start, int end) {
        int digits = 0;
        for (int i = start; i < end; i++) {
            digits += Character.isDigit(text.charAt(i)) ? 1 : 0;
        }
        return digits;
    }
}
