package dev.postern.redact.check;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.Phonemetadata.PhoneMetadata;
import com.google.i18n.phonenumbers.metadata.DefaultMetadataDependenciesProvider;
import com.google.i18n.phonenumbers.metadata.source.RegionMetadataSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Tells of most telephone numbers whether they are valid, without libphonenumber's parsing, which takes ten times as
/// long. It vouches for numbers in digits, blanks and simple signs that, without a prefix of their plan, have a
/// length of it and are of a fixed line or a mobile in the first region of their calling code.
///
/// It never vouches for a number that libphonenumber would not, and never rules out one that it would; where it does
/// neither, libphonenumber decides. Safe for any number of threads.
final class PlainNumbers {
    private static final String SIGNS = " .-/()";
    private static final int LONGEST_COUNTRY_CODE = 3;

    private final PhoneNumberUtil util;
    private final RegionMetadataSource source =
            DefaultMetadataDependenciesProvider.getInstance().getPhoneNumberMetadataSource();
    private final Map<Integer, Optional<Plan>> plans = new ConcurrentHashMap<>();

    /// Of the first region of a calling code.
    ///
    /// @param general all numbers of that region
    /// @param kinds those of a fixed line and of a mobile
    /// @param all all numbers of each region of the calling code
    private record Plan(
            String region,
            String country,
            DigitPattern international,
            DigitPattern prefix,
            NumberRange general,
            List<NumberRange> kinds,
            List<NumberRange> all) {
        /// Whether what follows is a number once a prefix is stripped, which libphonenumber does where it leaves one.
        boolean holds(String digits, int from) {
            int number = from + prefix.length(digits, from);
            return !prefix.rewrites(digits, from)
                    && general.holds(digits, number)
                    && kinds.stream().anyMatch(kind -> kind.holds(digits, number));
        }
    }

    PlainNumbers(PhoneNumberUtil util) {
        this.util = util;
    }

    /// Whether a number that begins with `+` is surely valid.
    boolean valid(String dialled) {
        String digits = digits(dialled, 1);
        Optional<Plan> plan = abroad(digits);
        return plan.isPresent() && plan.get().holds(digits, plan.get().country().length());
    }

    /// Whether a number that begins with `+` may be valid: it is a number of its plan, or what is left of it is when a
    /// prefix is stripped.
    boolean mayBeValid(String dialled) {
        String digits = digits(dialled, 1);
        Optional<Plan> known = abroad(digits);
        if (known.isEmpty()) {
            return true;
        }
        Plan plan = known.get();
        int from = plan.country().length();
        int stripped = from + plan.prefix().length(digits, from);
        return plan.prefix().rewrites(digits, from)
                || plan.all().stream()
                        .anyMatch(numbers -> numbers.holds(digits, from) || numbers.holds(digits, stripped));
    }

    /// Whether a number that begins with `+` surely has a length of its plan.
    boolean possible(String dialled) {
        String digits = digits(dialled, 1);
        Optional<Plan> plan = abroad(digits);
        if (plan.isEmpty()) {
            return false;
        }
        int from = plan.get().country().length();
        int length = digits.length() - from;
        NumberRange general = plan.get().general();
        DigitPattern prefix = plan.get().prefix();
        // Whether a prefix is stripped depends on more: both must do.
        return general.hasLength(length)
                && general.hasLength(length - prefix.length(digits, from))
                && !prefix.rewrites(digits, from);
    }

    /// Whether a number as it is written in a region is surely valid there.
    boolean validIn(String number, String region) {
        String digits = digits(number, 0);
        Optional<Plan> known = plan(util.getCountryCodeForRegion(region));
        if (digits.isEmpty() || known.isEmpty()) {
            return false;
        }
        Plan plan = known.get();
        return plan.region().equals(region)
                && !digits.startsWith(plan.country())
                && plan.international().length(digits, 0) == 0
                && plan.holds(digits, 0);
    }

    private Optional<Plan> abroad(String digits) {
        int code = 0;
        for (int i = 0; i < Math.min(digits.length(), LONGEST_COUNTRY_CODE); i++) {
            code = code * 10 + digits.charAt(i) - '0';
            Optional<Plan> plan = plan(code);
            if (plan.isPresent() || code == 0) {
                return plan;
            }
        }
        return Optional.empty();
    }

    private Optional<Plan> plan(int code) {
        return plans.computeIfAbsent(code, this::read);
    }

    /// Empty for what is no calling code of regions. At most a thousand are asked for.
    private Optional<Plan> read(int code) {
        String region = util.getRegionCodeForCountryCode(code);
        if (!util.getSupportedRegions().contains(region)) {
            return Optional.empty();
        }
        PhoneMetadata metadata = source.getMetadataForRegion(region);
        if (metadata.hasLeadingDigits()) {
            return Optional.empty();
        }
        return Optional.of(new Plan(
                region,
                Integer.toString(code),
                DigitPattern.of(metadata.getInternationalPrefix()),
                DigitPattern.of(metadata.getNationalPrefixForParsing()),
                NumberRange.of(metadata.getGeneralDesc()),
                List.of(NumberRange.of(metadata.getFixedLine()), NumberRange.of(metadata.getMobile())),
                util.getRegionCodesForCountryCode(code).stream()
                        .map(same ->
                                NumberRange.of(source.getMetadataForRegion(same).getGeneralDesc()))
                        .toList()));
    }

    /// Empty when there is anything else in it than digits and simple signs.
    private static String digits(String number, int from) {
        StringBuilder digits = new StringBuilder(number.length());
        for (int i = from; i < number.length(); i++) {
            char c = number.charAt(i);
            if (c >= '0' && c <= '9') {
                digits.append(c);
            } else if (SIGNS.indexOf(c) < 0) {
                return "";
            }
        }
        return digits.toString();
    }
}
