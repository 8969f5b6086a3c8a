package dev.postern.sts.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

final class AdminPropertiesTest {

    @Test
    void approvalsWhenNothingIsSaidThenNone() {
        assertThat(new AdminProperties(Set.of()).approvals()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"policies, POLICIES", "issuers, ISSUERS", "admin-clients, ADMIN_CLIENTS"})
    void approvalsWhenOneAreaThenNobodyMakesASecondPersonAlone(String named, ApprovalArea area) {
        AdminProperties bound = new Binder(new MapConfigurationPropertySource(Map.of("postern.sts.approvals", named)))
                .bind("postern.sts", AdminProperties.class)
                .get();
        assertThat(bound.approvals()).contains(area, ApprovalArea.ADMIN_CLIENTS);
    }
}
