package dev.postern.redact.check;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.Phonemetadata.PhoneMetadata;
import com.google.i18n.phonenumbers.Phonemetadata.PhoneNumberDesc;
import com.google.i18n.phonenumbers.metadata.DefaultMetadataDependenciesProvider;
import com.google.i18n.phonenumbers.metadata.source.RegionMetadataSource;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Rules out, at the cost of a few short matches, regions in whose plan a national number is not valid. Asking
/// libphonenumber for every region in turn compiles its patterns anew, for it remembers a hundred of them.
///
/// It never rules out a region where the number is valid; where it does not, libphonenumber decides.
final class NumberPlans {
    private final Map<String, Plan> plans = new HashMap<>();

    /// @param country calling code
    /// @param prefix what may be stripped from a national number, and where a group takes part, is rewritten
    /// @param numbers what the regions of this calling code hold for possible, once all prefixes are stripped
    private record Plan(String country, Opening international, Opening prefix, List<Numbers> numbers) {}

    /// @param lengths bits
    private record Numbers(long lengths, Opening pattern) {}

    /// A pattern, and the first two digits of what it may match: nearly every number is ruled out by these.
    ///
    /// @param first by their number, and [#PAIRS] for what is shorter
    private record Opening(Pattern pattern, BitSet first) {
        private static final int PAIRS = 100;

        @SuppressWarnings("JdkObsolete") // what more digits may still become is what hitEnd() is for
        static Opening of(String regex) {
            Pattern pattern = Pattern.compile(regex);
            BitSet first = new BitSet();
            Matcher matcher = pattern.matcher("");
            for (int pair = 0; pair < PAIRS; pair++) {
                boolean begins = matcher.reset("" + pair / 10 + pair % 10).lookingAt();
                first.set(pair, begins || matcher.hitEnd());
            }
            first.set(PAIRS);
            return new Opening(pattern, first);
        }

        boolean mayMatch(String digits, int from) {
            return first.get(
                    from + 1 < digits.length()
                            ? (digits.charAt(from) - '0') * 10 + digits.charAt(from + 1) - '0'
                            : PAIRS);
        }

        Matcher matcher(String digits) {
            return pattern.matcher(digits);
        }
    }

    /// Of some regions.
    NumberPlans(PhoneNumberUtil util, List<String> regions) {
        RegionMetadataSource source =
                DefaultMetadataDependenciesProvider.getInstance().getPhoneNumberMetadataSource();
        Map<Integer, List<Numbers>> numbers = new HashMap<>();
        for (String region : regions) {
            PhoneMetadata metadata = source.getMetadataForRegion(region);
            int country = metadata.getCountryCode();
            List<Numbers> all = numbers.computeIfAbsent(
                    country,
                    code -> util.getRegionCodesForCountryCode(code).stream()
                            .map(same ->
                                    numbers(source.getMetadataForRegion(same).getGeneralDesc()))
                            .toList());
            plans.put(
                    region,
                    new Plan(
                            Integer.toString(country),
                            Opening.of(metadata.getInternationalPrefix()),
                            Opening.of(metadata.getNationalPrefixForParsing()),
                            all));
        }
    }

    private static Numbers numbers(PhoneNumberDesc general) {
        long lengths = 0;
        for (int length : general.getPossibleLengthList()) {
            lengths |= 1L << length;
        }
        return new Numbers(lengths, Opening.of(general.getNationalNumberPattern()));
    }

    /// Whether a number without `+` may be valid in a region.
    ///
    /// @param digits of the number, ASCII, without an extension
    boolean mayBeValid(String digits, String region) {
        Plan plan = plans.get(region);
        if (plan == null || begins(plan.international, digits)) {
            return true;
        }
        String local = digits.startsWith(plan.country) ? digits.substring(plan.country.length()) : digits;
        if (rewritten(plan, digits) || rewritten(plan, local)) {
            return true;
        }
        // Whatever prefixes are stripped, what is left is an end of the number.
        for (Numbers numbers : plan.numbers) {
            for (int from = 0; from < digits.length(); from++) {
                int length = digits.length() - from;
                boolean possible = length < Long.SIZE && (numbers.lengths >>> length & 1) != 0;
                if (possible
                        && numbers.pattern.mayMatch(digits, from)
                        && numbers.pattern
                                .matcher(digits)
                                .region(from, digits.length())
                                .matches()) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean begins(Opening pattern, String digits) {
        return pattern.mayMatch(digits, 0) && pattern.matcher(digits).lookingAt();
    }

    private static boolean rewritten(Plan plan, String digits) {
        if (plan.prefix.pattern().pattern().isEmpty() || !plan.prefix.mayMatch(digits, 0)) {
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
