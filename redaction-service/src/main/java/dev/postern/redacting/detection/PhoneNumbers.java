package dev.postern.redacting.detection;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import java.util.List;

/// Telephone numbers by their numbering plans. Patterns propose, the plan decides: nearly every ten digits are a number
/// somewhere, so a national number without its country's shape needs context words as well.
final class PhoneNumbers {
    private static final PhoneNumberUtil PLANS = PhoneNumberUtil.getInstance();
    private static final List<String> REGIONS =
            List.of("US", "GB", "DE", "FR", "ES", "IT", "NL", "PL", "BE", "AT", "CH", "IE", "PT", "SE", "DK");
    private static final int SHORTEST_NATIONAL = 9;

    private PhoneNumbers() {}

    static int acceptInternational(String text, int start, int end) {
        String number = text.substring(start, end).strip();
        String dialled = number.startsWith("00") ? "+" + number.substring(2) : number;
        return valid(dialled, "ZZ") ? end : Check.REJECTED;
    }

    static int acceptNational(String text, int start, int end) {
        return digits(text, start, end) >= SHORTEST_NATIONAL && validSomewhere(text.substring(start, end))
                ? end
                : Check.REJECTED;
    }

    /// Beside a word such as "call": also ten digits of North American shape, and seven written 555-0123.
    static int acceptInContext(String text, int start, int end) {
        int digits = digits(text, start, end);
        boolean local = digits == 7 && end - start == 8;
        return local || digits == 10 || validSomewhere(text.substring(start, end)) ? end : Check.REJECTED;
    }

    private static boolean validSomewhere(String number) {
        for (String region : REGIONS) {
            if (valid(number, region)) {
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

    private static int digits(String text, int start, int end) {
        int digits = 0;
        for (int i = start; i < end; i++) {
            digits += Character.isDigit(text.charAt(i)) ? 1 : 0;
        }
        return digits;
    }
}
