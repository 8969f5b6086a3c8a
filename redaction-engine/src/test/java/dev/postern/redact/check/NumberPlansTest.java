package dev.postern.redact.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class NumberPlansTest {
    private static final PhoneNumberUtil UTIL = PhoneNumberUtil.getInstance();
    private static final NumberPlans PLANS = new NumberPlans(UTIL, List.copyOf(UTIL.getSupportedRegions()));

    @Test
    void noRegionIsRuledOutWhereANumberIsValid() {
        int ruledOut = 0;
        int asked = 0;
        for (String number : numbers()) {
            for (String region : UTIL.getSupportedRegions()) {
                asked++;
                if (!PLANS.mayBeValid(number, region)) {
                    ruledOut++;
                    assertThat(valid(number, region))
                            .as("%s in %s", number, region)
                            .isFalse();
                }
            }
        }
        assertThat(ruledOut).isGreaterThan(asked / 3);
    }

    private static boolean valid(String number, String region) {
        try {
            return UTIL.isValidNumber(UTIL.parse(number, region));
        } catch (NumberParseException _) {
            return false;
        }
    }

    /// Every tenth region's examples as they are written there and with its calling code before them, and random ones.
    private static List<String> numbers() {
        List<String> numbers = new ArrayList<>();
        int count = 0;
        for (String region : UTIL.getSupportedRegions()) {
            for (PhoneNumberUtil.PhoneNumberType type : UTIL.getSupportedTypesForRegion(region)) {
                PhoneNumber example = UTIL.getExampleNumberForType(region, type);
                if (example != null && count++ % 20 == 0) {
                    String national = UTIL.getNationalSignificantNumber(example);
                    numbers.add(national);
                    numbers.add(example.getCountryCode() + national);
                    numbers.add(UTIL.format(example, PhoneNumberUtil.PhoneNumberFormat.NATIONAL)
                            .replaceAll("\\D", ""));
                }
            }
        }
        Random random = new Random(31);
        for (int i = 0; i < 150; i++) {
            numbers.add(random.ints(7 + random.nextInt(9), 0, 10)
                    .collect(StringBuilder::new, StringBuilder::append, StringBuilder::append)
                    .toString());
        }
        return numbers;
    }
}
