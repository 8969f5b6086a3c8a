package dev.postern.redact.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Check digits catch what they are made for: any one digit changed.
final class ChecksTest {
    @ParameterizedTest
    @CsvSource({
        "us-aba, 021000021",
        "us-npi, 1234567893",
        "ca-sin, 130692544",
        "uk-nhs, 9434765919",
        "de-tax-id, 86095742719",
        "fr-nir, 255081416802538",
        "nl-bsn, 111222333",
        "it-vat, 00743110157",
        "pt-nif, 501964843",
        "no-fnr, 09053426694",
        "se-personnummer, 8112189876",
        "pl-pesel, 44051401458",
        "ro-cnp, 1630615123457",
        "hr-oib, 33392005961",
        "in-aadhaar, 234123412346",
        "tr-national-id, 10000000146",
        "il-id, 039337423",
        "au-tfn, 876543210",
        "au-abn, 51824753556",
        "za-id, 8001015009087",
        "br-cpf, 11144477735",
        "ar-cuit, 20055361682",
        "ru-snils, 11223344595",
        "imei, 490154203237518"
    })
    void oneWrongDigitIsNoticed(String name, String valid) {
        Check check = Checks.find(name).orElseThrow();
        assertThat(check.accept(valid, 0, valid.length())).isEqualTo(valid.length());
        for (int i = 0; i < valid.length(); i++) {
            char wrong = (char) ('0' + (valid.charAt(i) - '0' + 1) % 10);
            String changed = valid.substring(0, i) + wrong + valid.substring(i + 1);
            assertThat(check.accept(changed, 0, changed.length())).as(changed).isEqualTo(Check.REJECTED);
        }
    }

    @Test
    void keccakIsTheOneOfEthereum() {
        assertThat(HexFormat.of().formatHex(Keccak256.of(new byte[0])))
                .isEqualTo("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
        assertThat(HexFormat.of().formatHex(Keccak256.of("abc".getBytes(StandardCharsets.US_ASCII))))
                .isEqualTo("4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
    }

    @Test
    void walletsOfBip173AndEip55() {
        for (String valid : List.of(
                "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
                "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0")) {
            assertThat(CryptoAddresses.acceptBech32(valid, 0, valid.length())).isPositive();
        }
        for (String valid : List.of(
                "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
                "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
                "0x52908400098527886E0F7030069857D2E4169EE7")) {
            assertThat(CryptoAddresses.acceptEthereum(valid, 0, valid.length())).isPositive();
        }
        String wrong = "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
        assertThat(CryptoAddresses.acceptEthereum(wrong, 0, wrong.length())).isEqualTo(Check.REJECTED);
    }
}
