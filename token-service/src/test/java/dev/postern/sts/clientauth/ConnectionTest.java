package dev.postern.sts.clientauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.sts.refusal.Refused;
import dev.postern.token.IpRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

final class ConnectionTest {

    private final MockHttpServletRequest request = new MockHttpServletRequest();

    @Test
    void connectionWhenAddressIsLinkLocalThenWithoutItsZone() {
        request.setRemoteAddr("fe80::1%eth0");
        assertThat(Connection.of(request).address()).isEqualTo(IpRange.literal("fe80::1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "10.1", "999.1.1.1", "%eth0"})
    void connectionWhenAddressIsNoneThenRefusedAndNoFault(String address) {
        request.setRemoteAddr(address);
        assertThatThrownBy(() -> Connection.of(request)).isInstanceOf(Refused.class);
    }
}
