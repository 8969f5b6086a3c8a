package dev.postern.redact.check;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.Phonemetadata.PhoneMetadata;
import com.google.i18n.phonenumbers.metadata.DefaultMetadataDependenciesProvider;
import com.google.i18n.phonenumbers.metadata.source.RegionMetadataSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Rules out, at the cost of a few short matches, regions in whose plan a national number is not valid. Asking
/// libphonenumber for every region in turn compiles its patterns anew, for it remembers a hundred of them.
///
/// It never rules out a region where the number is valid; where it does not, libphonenumber decides.
final class NumberPlans {
    private final Map<String, Plan> plans = new HashMap<>();

    /// @param country calling code
    /// @param prefix what may be stripped from a national number, and where a group takes part, is rewritten
    /// @param numbers what the regions of this calling code hold for possible, once all prefixes are stripped
    private record Plan(String country, DigitPattern international, DigitPattern prefix, List<NumberRange> numbers) {}

    /// Of some regions.
    NumberPlans(PhoneNumberUtil util, List<String> regions) {
        RegionMetadataSource source =
                DefaultMetadataDependenciesProvider.getInstance().getPhoneNumberMetadataSource();
        Map<Integer, List<NumberRange>> numbers = new HashMap<>();
        for (String region : regions) {
            PhoneMetadata metadata = source.getMetadataForRegion(region);
            int country = metadata.getCountryCode();
            List<NumberRange> all = numbers.computeIfAbsent(
                    country,
                    code -> util.getRegionCodesForCountryCode(code).stream()
                            .map(same -> NumberRange.of(
                                    source.getMetadataForRegion(same).getGeneralDesc()))
                            .toList());
            plans.put(
                    region,
                    new Plan(
                            Integer.toString(country),
                            DigitPattern.of(metadata.getInternationalPrefix()),
                            DigitPattern.of(metadata.getNationalPrefixForParsing()),
                            all));
        }
    }

    /// Whether a number without `+` may be valid in a region.
    ///
    /// @param digits of the number, ASCII, without an extension
    boolean mayBeValid(String digits, String region) {
        Plan plan = plans.get(region);
        if (plan == null || plan.international.length(digits, 0) > 0) {
            return true;
        }
        int local = digits.startsWith(plan.country) ? plan.country.length() : 0;
        return rewritten(plan, digits, 0)
                || holds(plan, digits, 0)
                || (local > 0 && (rewritten(plan, digits, local) || holds(plan, digits, local)));
    }

    /// Whether what follows is a number, or what is left of it when prefixes are stripped.
    private static boolean holds(Plan plan, String digits, int start) {
        int from = start;
        while (from < digits.length()) {
            for (NumberRange numbers : plan.numbers) {
                if (numbers.holds(digits, from)) {
                    return true;
                }
            }
            int prefix = plan.prefix.length(digits, from);
            if (prefix == 0) {
                return false;
            }
            from += prefix;
        }
        return false;
    }

    /// How many digits a region takes for the sign that a number abroad follows; 0 when it takes none for it. What
    /// follows is the same number in every region.
    int international(String digits, String region) {
        Plan plan = plans.get(region);
        int sign = plan == null ? 0 : plan.international.length(digits, 0);
        return sign == digits.length() || (sign > 0 && digits.charAt(sign) != '0') ? sign : 0;
    }

    private static boolean rewritten(Plan plan, String digits, int from) {
        if (plan.prefix.rewrites(digits, from)) {
            return true;
        }
        // What is left may have a prefix of its own.
        int prefix = plan.prefix.length(digits, from);
        return prefix > 0 && rewritten(plan, digits, from + prefix);
    }
}
