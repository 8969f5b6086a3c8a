package dev.postern.gateway;

import dev.postern.gateway.admission.LimitSource;
import dev.postern.policy.Limit;
import dev.postern.policy.Price;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;

/// A gateway whose callers are limited as each test says. Tokens cost 1 in and 2 out, in millionths.
@Import(LimitedFixture.Limited.class)
abstract class LimitedFixture extends GatewayFixture {
    static final String ANSWER =
            "{\"id\":\"1\",\"choices\":[{\"index\":0}],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":20}}";

    private static volatile List<Limit> limits = List.of();

    @TestConfiguration(proxyBeanMethods = false)
    static class Limited {
        @Bean
        @Primary
        LimitSource limitSource() {
            return new LimitSource() {
                @Override
                public List<Limit> limitsFor(String tenant, String client, String model) {
                    return limits.stream()
                            .filter(limit -> limit.appliesTo(tenant, client, model))
                            .toList();
                }

                @Override
                public boolean isLimited(String tenant, String client) {
                    return limits.stream().anyMatch(limit -> limit.appliesTo(tenant, client));
                }

                @Override
                public Optional<Price> priceOf(String model) {
                    return Optional.of(new Price("*", 1_000_000, 2_000_000));
                }
            };
        }
    }

    static void limits(Limit... next) {
        limits = List.of(next);
    }

    /// What a limit of a test limits.
    static final class LimitBuilder {
        private final String id;
        private OptionalLong requestsPerMinute = OptionalLong.empty();
        private OptionalLong burst = OptionalLong.empty();
        private OptionalLong modelTokensPerMinute = OptionalLong.empty();
        private OptionalLong concurrent = OptionalLong.empty();
        private OptionalLong spendMicrosPerDay = OptionalLong.empty();
        private OptionalLong requestsPerDay = OptionalLong.empty();

        LimitBuilder(String id) {
            this.id = id;
        }

        LimitBuilder requestsPerMinute(long most, long atOnce) {
            requestsPerMinute = OptionalLong.of(most);
            burst = OptionalLong.of(atOnce);
            return this;
        }

        LimitBuilder modelTokensPerMinute(long most) {
            modelTokensPerMinute = OptionalLong.of(most);
            return this;
        }

        LimitBuilder concurrent(long most) {
            concurrent = OptionalLong.of(most);
            return this;
        }

        LimitBuilder spendMicrosPerDay(long most) {
            spendMicrosPerDay = OptionalLong.of(most);
            return this;
        }

        LimitBuilder requestsPerDay(long most) {
            requestsPerDay = OptionalLong.of(most);
            return this;
        }

        Limit build() {
            return new Limit(
                    id,
                    "acme",
                    "*",
                    "*",
                    Limit.Per.CLIENT,
                    requestsPerMinute,
                    burst,
                    modelTokensPerMinute,
                    concurrent,
                    spendMicrosPerDay,
                    requestsPerDay,
                    OptionalLong.empty());
        }
    }

    static LimitBuilder limit(String id) {
        return new LimitBuilder(id);
    }
}
