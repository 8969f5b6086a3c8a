package dev.postern.gateway.admission;

import java.util.Locale;

/// What a limit limits: a closed set, safe as a metric tag.
enum LimitKind {
    REQUESTS(Shape.BUCKET, Unit.REQUESTS),
    MODEL_TOKENS(Shape.BUCKET, Unit.MODEL_TOKENS),
    CONCURRENCY(Shape.PLACES, Unit.CONCURRENT_REQUESTS),
    DAILY_REQUESTS(Shape.DAY, Unit.REQUESTS),
    DAILY_MODEL_TOKENS(Shape.DAY, Unit.MODEL_TOKENS),
    DAILY_SPEND(Shape.DAY, Unit.SPEND_MICROS),
    /// Of one access token, by its `authorization_details`.
    TOKEN_REQUESTS(Shape.LIFE, Unit.REQUESTS),
    TOKEN_MODEL_TOKENS(Shape.LIFE, Unit.MODEL_TOKENS),
    TOKEN_SPEND(Shape.LIFE, Unit.SPEND_MICROS);

    /// How what was taken comes back.
    enum Shape {
        /// Refills steadily.
        BUCKET,
        /// Comes back when the request ends.
        PLACES,
        /// Comes back at midnight UTC.
        DAY,
        /// Never comes back.
        LIFE;

        /// Its name in the script.
        String scriptName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What is counted; the names are those of `RateLimit-Policy`.
    enum Unit {
        REQUESTS,
        MODEL_TOKENS,
        SPEND_MICROS,
        CONCURRENT_REQUESTS;

        String wireName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Shape shape;
    private final Unit unit;

    LimitKind(Shape shape, Unit unit) {
        this.shape = shape;
        this.unit = unit;
    }

    Shape shape() {
        return shape;
    }

    Unit unit() {
        return unit;
    }

    /// Its name in metrics and headers.
    String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Whether it is a budget that waiting for a minute does not bring back, `insufficient_quota` to OpenAI's clients.
    boolean isBudget() {
        return shape == Shape.DAY || shape == Shape.LIFE;
    }
}
