package dev.postern.sts.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.sts.client.ClientPolicy;
import dev.postern.sts.client.ClientPolicy.Sensitivity;
import dev.postern.sts.client.ClientRegistration;
import dev.postern.sts.client.Proof;
import dev.postern.sts.exchange.Ceiling;
import dev.postern.sts.refusal.Refused;
import dev.postern.token.IpRange;
import dev.postern.token.TokenUse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is left where a client and what it exchanges have something in common, and that nothing is where they have not.
final class GrantTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00.900Z");
    private static final String GATEWAY = "urn:postern:gateway";

    @Test
    void networksWhenNestedThenTheNarrowerElseTheOthers() {
        assertThat(grant(List.of("10.0.0.0/8"), List.of("10.1.0.0/16", "192.168.0.0/16"), Set.of(), Set.of())
                        .networks())
                .extracting(IpRange::toString)
                .containsExactly("10.1.0.0/16");
        assertThat(grant(List.of(), List.of("10.1.0.0/16"), Set.of(), Set.of()).networks())
                .hasSize(1);
        assertThat(grant(List.of("10.1.0.0/16"), List.of(), Set.of(), Set.of()).networks())
                .hasSize(1);
    }

    @Test
    void networksWhenDisjointThenRefusedAndNotForAnywhere() {
        assertThat(reason(List.of("10.0.0.0/8"), List.of("192.168.0.0/16"), Set.of(), Set.of()))
                .isEqualTo("exchange-no-common-network");
    }

    @Test
    void rolesWhenSomeAreSharedThenThoseElseRefused() {
        assertThat(grant(List.of(), List.of(), Set.of("a", "b"), Set.of("b", "c"))
                        .roles())
                .containsExactly("b");
        assertThat(reason(List.of(), List.of(), Set.of("a"), Set.of("b"))).isEqualTo("exchange-no-common-role");
    }

    @ParameterizedTest
    @CsvSource({"RESTRICTED, INTERNAL, INTERNAL", "PUBLIC, RESTRICTED, PUBLIC", "INTERNAL, , INTERNAL"})
    void clearanceWhenExchangedThenTheLower(Sensitivity own, Sensitivity inherited, Sensitivity granted) {
        Grant grant =
                decide(client(List.of(), Set.of(), own), ceiling(List.of(), Set.of(), Optional.ofNullable(inherited)));
        assertThat(grant.clearance()).isEqualTo(granted);
    }

    private static Grant grant(List<String> own, List<String> inherited, Set<String> roles, Set<String> others) {
        return decide(client(own, roles, Sensitivity.INTERNAL), ceiling(inherited, others, Optional.empty()));
    }

    private static String reason(List<String> own, List<String> inherited, Set<String> roles, Set<String> others) {
        try {
            throw new AssertionError("granted: " + grant(own, inherited, roles, others));
        } catch (Refused refused) {
            return refused.reason();
        }
    }

    private static Grant decide(ClientRegistration client, Ceiling ceiling) {
        TokenParameters asked = new TokenParameters(
                Set.of("llm:invoke"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty());
        return Grant.decide(asked, client, Optional.of(ceiling), Duration.ofMinutes(5), NOW);
    }

    private static ClientRegistration client(List<String> networks, Set<String> roles, Sensitivity clearance) {
        ClientPolicy standard = ClientPolicy.DEFAULT;
        return new ClientRegistration(
                "agent",
                "acme",
                new Proof.WorkloadCertificate(),
                Set.of("llm:invoke"),
                Set.of(GATEWAY),
                new ClientPolicy(
                        standard.bindings(),
                        networks.stream().map(IpRange::parse).toList(),
                        roles,
                        standard.tokenLifetime(),
                        standard.exchange(),
                        List.of(),
                        clearance));
    }

    private static Ceiling ceiling(List<String> networks, Set<String> roles, Optional<Sensitivity> clearance) {
        return new Ceiling(
                "alice",
                "acme",
                List.of("agent"),
                Set.of("llm:invoke"),
                Set.of(GATEWAY),
                Set.of(TokenUse.INFERENCE),
                roles,
                networks.stream().map(IpRange::parse).toList(),
                List.of(),
                clearance,
                false,
                Optional.of(NOW.plusSeconds(60)),
                Optional.empty(),
                Optional.empty());
    }
}
