package dev.postern.redact.pack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Taxonomy;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Whoever comes from one of the others finds each of its entities here. Their lists are those of Presidio 2.2.363, of
/// Amazon Comprehend's PII entity types, and of phileas 4's filters as far as they find something of their own.
final class NamesOfOthersTest {
    private static final String PRESIDIO = """
            CREDIT_CARD CRYPTO DATE_TIME EMAIL_ADDRESS IBAN_CODE IP_ADDRESS MAC_ADDRESS NRP LOCATION ORGANIZATION
            PERSON PHONE_NUMBER MEDICAL_LICENSE URL UUID ABA_ROUTING_NUMBER
            US_BANK_NUMBER US_DRIVER_LICENSE US_ITIN US_MBI US_NPI US_PASSPORT US_SSN
            UK_DRIVING_LICENCE UK_NHS UK_NINO UK_PASSPORT UK_POSTCODE UK_VEHICLE_REGISTRATION
            ES_NIF ES_NIE ES_PASSPORT
            IT_FISCAL_CODE IT_DRIVER_LICENSE IT_VAT_CODE IT_PASSPORT IT_IDENTITY_CARD
            PL_PESEL SG_NRIC_FIN SG_UEN AU_ABN AU_ACN AU_TFN AU_MEDICARE CA_SIN CA_POSTAL_CODE
            IN_PAN IN_AADHAAR IN_VEHICLE_REGISTRATION IN_VOTER IN_PASSPORT IN_GSTIN IN_UPI
            FI_PERSONAL_IDENTITY_CODE SE_PERSONNUMMER SE_ORGANISATIONSNUMMER DK_CPR
            KR_RRN KR_BRN KR_FRN KR_DRIVER_LICENSE KR_PASSPORT TH_TNIN TW_NATIONAL_ID
            NG_NIN NG_BVN NG_VEHICLE_REGISTRATION KE_NATIONAL_ID ZA_ID_NUMBER ZA_COMPANY_REGISTRATION
            TR_NATIONAL_ID TR_LICENSE_PLATE TR_TAX_ID TR_PHONE_NUMBER
            PH_TIN PH_UMID PH_PASSPORT PH_PHILHEALTH PH_MOBILE_NUMBER RU_INN RU_SNILS RU_PASSPORT
            FR_NIR FR_SIREN FR_SIRET
            DE_TAX_ID DE_TAX_NUMBER DE_PASSPORT DE_ID_CARD DE_SOCIAL_SECURITY DE_HEALTH_INSURANCE DE_KFZ
            DE_HANDELSREGISTER DE_PLZ DE_VAT_ID DE_LANR DE_BSNR DE_FUEHRERSCHEIN
            """;
    private static final String COMPREHEND = """
            ADDRESS AGE AWS_ACCESS_KEY AWS_SECRET_KEY BANK_ACCOUNT_NUMBER BANK_ROUTING CA_HEALTH_NUMBER
            CA_SOCIAL_INSURANCE_NUMBER CREDIT_DEBIT_CVV CREDIT_DEBIT_EXPIRY CREDIT_DEBIT_NUMBER DATE_TIME DRIVER_ID
            EMAIL IN_AADHAAR IN_NREGA IN_PERMANENT_ACCOUNT_NUMBER IN_VOTER_NUMBER INTERNATIONAL_BANK_ACCOUNT_NUMBER
            IP_ADDRESS LICENSE_PLATE MAC_ADDRESS NAME PASSPORT_NUMBER PASSWORD PHONE PIN SSN SWIFT_CODE
            UK_NATIONAL_HEALTH_SERVICE_NUMBER UK_NATIONAL_INSURANCE_NUMBER UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER URL
            US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER USERNAME VEHICLE_IDENTIFICATION_NUMBER
            """;
    private static final String PHILEAS = """
            age bank-routing-number bitcoin-address city credit-card currency date drivers-license-number email-address
            iban-code ip-address mac-address medical-condition passport-number person phone-number ssn street-address
            tracking-number url vin zip-code
            """;

    @Test
    void everyEntityOfTheOthersIsOneOfOurs() {
        assertThat(names(Taxonomy.PRESIDIO)).containsAll(list(PRESIDIO));
        assertThat(names(Taxonomy.COMPREHEND)).containsAll(list(COMPREHEND));
        assertThat(names(Taxonomy.PHILEAS)).containsAll(list(PHILEAS));
    }

    private static Set<String> names(Taxonomy taxonomy) {
        return RulePackReader.standard().entities().values().stream()
                .map((Entity entity) -> entity.name(taxonomy))
                .collect(Collectors.toSet());
    }

    private static Set<String> list(String names) {
        return Set.copyOf(Arrays.asList(names.strip().split("\\s+")));
    }
}
