package dev.postern.redact.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PlainNumbersTest {
    private static final PhoneNumberUtil UTIL = PhoneNumberUtil.getInstance();
    private static final PlainNumbers PLAIN = new PlainNumbers(UTIL);

    @Test
    void whatIsVouchedForIsValidThereAndWhatIsRuledOutIsNot() {
        int vouched = 0;
        int ruledOut = 0;
        for (String number : numbers()) {
            String abroad = "+" + number;
            if (PLAIN.valid(abroad)) {
                vouched++;
                assertThat(valid(abroad, "ZZ")).as(abroad).isTrue();
            }
            if (!PLAIN.mayBeValid(abroad)) {
                ruledOut++;
                assertThat(valid(abroad, "ZZ")).as(abroad).isFalse();
            }
            if (PLAIN.possible(abroad)) {
                assertThat(UTIL.isPossibleNumber(abroad, "ZZ")).as(abroad).isTrue();
            }
            for (String region :
                    List.of("US", "GB", "DE", "IT", "RU", "FR", "BR", "AR", "AU", "MX", "CN", "NO", "KZ")) {
                if (PLAIN.validIn(number, region)) {
                    vouched++;
                    assertThat(valid(number, region))
                            .as("%s in %s", number, region)
                            .isTrue();
                }
            }
        }
        assertThat(vouched).isGreaterThan(2_000);
        assertThat(ruledOut).isGreaterThan(1_000);
    }

    @Test
    void mostFixedLinesAndMobilesOfMainRegionsAreVouchedFor() {
        int asked = 0;
        int vouched = 0;
        for (String region : UTIL.getSupportedRegions()) {
            if (UTIL.getRegionCodeForCountryCode(UTIL.getCountryCodeForRegion(region))
                    .equals(region)) {
                for (PhoneNumberType type : List.of(PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE)) {
                    PhoneNumber example = UTIL.getExampleNumberForType(region, type);
                    asked += example == null ? 0 : 1;
                    vouched += example != null && PLAIN.valid(UTIL.format(example, PhoneNumberFormat.INTERNATIONAL))
                            ? 1
                            : 0;
                }
            }
        }
        assertThat(vouched).isGreaterThan(asked * 9 / 10);
    }

    @Test
    void nothingIsSaidOfWhatIsNoPlainNumber() {
        for (String number :
                List.of("+", "+4", "+49", "", "+0", "+49 30 901820 ext 7", "+49 30 901820#", "+4930x901820")) {
            assertThat(PLAIN.valid(number)).as(number).isFalse();
        }
        assertThat(PLAIN.validIn("", "US")).isFalse();
        assertThat(PLAIN.validIn("2125550143", "ZZ")).isFalse();
    }

    private static boolean valid(String number, String region) {
        try {
            return UTIL.isValidNumber(UTIL.parse(number, region));
        } catch (NumberParseException _) {
            return false;
        }
    }

    /// Every region's examples, with and without calling code, as written there, cut and changed, and random ones.
    private static List<String> numbers() {
        Random random = new Random(37);
        List<String> numbers = new ArrayList<>();
        for (String region : UTIL.getSupportedRegions()) {
            for (PhoneNumberType type : UTIL.getSupportedTypesForRegion(region)) {
                PhoneNumber example = UTIL.getExampleNumberForType(region, type);
                if (example != null) {
                    String national = UTIL.getNationalSignificantNumber(example);
                    String whole = example.getCountryCode() + national;
                    numbers.add(national);
                    numbers.add(whole);
                    numbers.add(UTIL.format(example, PhoneNumberFormat.NATIONAL));
                    numbers.add(UTIL.format(example, PhoneNumberFormat.INTERNATIONAL)
                            .substring(1));
                    StringBuilder changed = new StringBuilder(whole);
                    changed.setCharAt(random.nextInt(whole.length()), (char) ('0' + random.nextInt(10)));
                    numbers.add(changed.toString());
                    numbers.add(whole.substring(0, whole.length() - 1));
                    numbers.add(whole + random.nextInt(10));
                }
            }
        }
        for (int i = 0; i < 5_000; i++) {
            numbers.add(random.ints(7 + random.nextInt(9), 0, 10)
                    .collect(StringBuilder::new, StringBuilder::append, StringBuilder::append)
                    .toString());
        }
        return numbers;
    }
}
