package dev.postern.redact.check;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.Phonemetadata.PhoneMetadata;
import com.google.i18n.phonenumbers.metadata.DefaultMetadataDependenciesProvider;
import com.google.i18n.phonenumbers.metadata.source.RegionMetadataSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;

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
        if (plan == null || plan.international.begins(digits, 0)) {
            return true;
        }
        String local = digits.startsWith(plan.country) ? digits.substring(plan.country.length()) : digits;
        if (rewritten(plan, digits) || rewritten(plan, local)) {
            return true;
        }
        // Whatever prefixes are stripped, what is left is an end of the number.
        for (NumberRange numbers : plan.numbers) {
            for (int from = 0; from < digits.length(); from++) {
                if (numbers.holds(digits, from)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean rewritten(Plan plan, String digits) {
        if (plan.prefix.isEmpty() || !plan.prefix.mayMatch(digits, 0)) {
            return false;
        }
        Matcher prefix = plan.prefix.matcher(digits);
        if (!prefix.lookingAt()) {
            return false;
        }
        for (int group = 1; group <= prefix.groupCount(); group++) {
            if (prefix.start(group) >= 0) {
                return true;
            }
        }
        // What is left may have a prefix of its own.
        return prefix.end() > 0 && rewritten(plan, digits.substring(prefix.end()));
    }
}
