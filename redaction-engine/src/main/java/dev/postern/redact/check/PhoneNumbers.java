package dev.postern.redact.check;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import java.util.List;

/// Telephone numbers by their numbering plans. Patterns propose, the plan decides: nearly every ten digits are a number
/// somewhere, so a national number without its country's shape needs context words as well.
final class PhoneNumbers {
    private static final PhoneNumberUtil PLANS = PhoneNumberUtil.getInstance();
    private static final NumberPlans NATIONAL = new NumberPlans(PLANS);
    /// Where a number that is written like a telephone number is looked up.
    private static final List<String> REGIONS = List.of(
            "US", "GB", "DE", "FR", "ES", "IT", "NL", "PL", "BE", "AT", "CH", "IE", "PT", "SE", "DK", "NO", "FI", "CZ",
            "GR", "TR", "RU", "UA", "IL", "AE", "SA", "ZA", "NG", "KE", "IN", "PK", "BD", "CN", "JP", "KR", "TW", "HK",
            "SG", "MY", "TH", "ID", "PH", "VN", "AU", "NZ", "BR", "AR", "CL", "CO", "MX", "PE");
    private static final int SHORTEST_NATIONAL = 8;

    private PhoneNumbers() {}

    static int acceptInternational(String text, int start, int end) {
        String number = withoutExtension(text.substring(start, end)).strip();
        String dialled = number.startsWith("00") ? "+" + number.substring(2) : number;
        return valid(dialled, "ZZ") ? end : Check.REJECTED;
    }

    /// An assigned country code and a length that its plan has.
    static int acceptPossible(String text, int start, int end) {
        String number = withoutExtension(text.substring(start, end)).strip();
        String dialled = number.startsWith("00") ? "+" + number.substring(2) : number;
        return PLANS.isPossibleNumber(dialled, "ZZ") ? end : Check.REJECTED;
    }

    static int acceptNational(String text, int start, int end) {
        boolean date =
                digits(text, start, end) == SHORTEST_NATIONAL && Dates.accept(text, start, end) != Check.REJECTED;
        return !date
                        && digits(text, start, end) >= SHORTEST_NATIONAL
                        && validIn(REGIONS, withoutExtension(text.substring(start, end)))
                ? end
                : Check.REJECTED;
    }

    /// Beside a word such as "call", or alone: a number of any plan, ten digits of North American shape, and seven
    /// written 555-0123.
    static int acceptAnywhere(String text, int start, int end) {
        int digits = digits(text, start, end);
        if (IpAddresses.begins(text, text.charAt(start) == '(' ? start + 1 : start, end)) {
            return Check.REJECTED;
        }
        boolean local = digits == 7 && end - start == 8;
        String number = withoutExtension(text.substring(start, end));
        return local || digits == 10 || validIn(REGIONS, number) || validIn(PLANS.getSupportedRegions(), number)
                ? end
                : Check.REJECTED;
    }

    private static boolean validIn(Iterable<String> regions, String number) {
        StringBuilder digits = new StringBuilder(number.length());
        number.chars()
                .filter(Character::isDigit)
                .map(c -> Character.digit(c, 10))
                .forEach(digits::append);
        for (String region : regions) {
            if (NATIONAL.mayBeValid(digits.toString(), region) && valid(number, region)) {
                return true;
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
