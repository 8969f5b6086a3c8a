package dev.postern.policy;

import dev.postern.token.AccessToken;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/// What a decision is made from: who, with what token, wants what, with how much left, how unusual that is, and when.
///
/// Texts have at most [#MAX_TEXT] characters and lists at most [#MAX_LIST] elements: that bounds what a decision can
/// cost. An unknown text is empty; an unknown quota is [Quota#UNKNOWN]. Holds no token and no content of a request.
/// Every constructor throws an IllegalArgumentException if something lies outside its bounds.
public record Facts(Client client, Token token, Request request, Quota quota, Anomaly anomaly, Instant now) {

    public static final int MAX_TEXT = 512;
    public static final int MAX_LIST = 64;

    /// Who asks.
    ///
    /// @param roles by which policy knows the client; without any it has what its registration grants
    /// @param sensitivityClearance the most sensitive data it may send
    public record Client(String id, String tenant, List<String> roles, Sensitivity sensitivityClearance) {

        public static final Client NOBODY = new Client("", "", List.of(), Sensitivity.PUBLIC);

        public Client {
            checked(id);
            checked(tenant);
            roles = checked(roles);
        }

        /// The client of a token. One whose token says nothing of a clearance may send what is `internal`.
        public static Client of(AccessToken token) {
            return new Client(
                    token.clientId(),
                    token.tenant(),
                    inOrder(token.roles()),
                    token.clearance().flatMap(Sensitivity::ofWireName).orElse(Sensitivity.INTERNAL));
        }
    }

    /// What it asks with.
    ///
    /// @param ageSeconds since it was issued; 0 when it is about to be
    /// @param use the token's `token_use`
    /// @param bound whether it is worthless without a key or certificate
    /// @param actors who acts for the subject, nearest first
    public record Token(
            long ageSeconds, String use, List<String> scopes, boolean bound, String subject, List<String> actors) {

        public static final Token NONE = new Token(0, "", List.of(), false, "", List.of());

        public Token {
            if (ageSeconds < 0) {
                throw new IllegalArgumentException("a token's age is not negative");
            }
            checked(use);
            scopes = checked(scopes);
            checked(subject);
            actors = checked(actors);
        }

        public static Token of(AccessToken token, Instant now) {
            return new Token(
                    Math.max(0, Duration.between(token.issuedAt(), now).toSeconds()),
                    token.use().wireName(),
                    inOrder(token.scopes()),
                    token.isBound(),
                    token.subject(),
                    token.actors());
        }
    }

    /// What it asks for.
    ///
    /// @param operation for example `chat.completions`
    /// @param address of the caller, as a literal
    /// @param region of that address, by the region map
    /// @param streamed whether the answer is
    public record Request(
            String model,
            String operation,
            String topic,
            LatencyClass latencyClass,
            Sensitivity sensitivity,
            String address,
            String region,
            boolean streamed) {

        public static final Request NONE =
                new Request("", "", "", LatencyClass.INTERACTIVE, Sensitivity.INTERNAL, "", "", false);

        public Request {
            checked(model);
            checked(operation);
            checked(topic);
            checked(address);
            checked(region);
        }
    }

    /// What is left of the tightest limit of each kind; [#UNLIMITED] where there is none or nobody knows.
    public record Quota(long requestsLeft, long modelTokensLeft, long spendLeftMicros) {

        public static final long UNLIMITED = -1;
        public static final Quota UNKNOWN = new Quota(UNLIMITED, UNLIMITED, UNLIMITED);

        public Quota {
            if (requestsLeft < UNLIMITED || modelTokensLeft < UNLIMITED || spendLeftMicros < UNLIMITED) {
                throw new IllegalArgumentException("what is left is at least 0, or -1 for unlimited");
            }
        }
    }

    /// How unusual the client's behaviour is: each from 0 (usual) to 1.
    ///
    /// @param score all kinds together
    public record Anomaly(double score, double usage, double regionDrift, double aeadFailures, double sequenceGaps) {

        public static final Anomaly NONE = new Anomaly(0, 0, 0, 0, 0);

        public Anomaly {
            if (!isScore(score)
                    || !isScore(usage)
                    || !isScore(regionDrift)
                    || !isScore(aeadFailures)
                    || !isScore(sequenceGaps)) {
                throw new IllegalArgumentException("an anomaly score lies between 0 and 1");
            }
        }

        private static boolean isScore(double value) {
            return value >= 0 && value <= 1;
        }
    }

    /// Facts about a client with a registration alone, at a time; the starting point of a dry run.
    public static Facts at(Instant now) {
        return new Facts(Client.NOBODY, Token.NONE, Request.NONE, Quota.UNKNOWN, Anomaly.NONE, now);
    }

    public Facts with(Client another) {
        return new Facts(another, token, request, quota, anomaly, now);
    }

    public Facts with(Token another) {
        return new Facts(client, another, request, quota, anomaly, now);
    }

    public Facts with(Request another) {
        return new Facts(client, token, another, quota, anomaly, now);
    }

    public Facts with(Quota another) {
        return new Facts(client, token, request, another, anomaly, now);
    }

    public Facts with(Anomaly another) {
        return new Facts(client, token, request, quota, another, now);
    }

    public Facts withTime(Instant another, long tokenAgeSeconds) {
        return new Facts(
                client,
                new Token(tokenAgeSeconds, token.use(), token.scopes(), token.bound(), token.subject(), token.actors()),
                request,
                quota,
                anomaly,
                another);
    }

    /// The facts as a JSON object, as [#parse] reads it and a dry run takes it.
    public String toJson() {
        return FactsJson.write(this);
    }

    /// Reads facts, strictly. What is missing is unknown: an empty text, an unlimited quota, nothing unusual. Only
    /// `now` must be there.
    public static Facts parse(String json) throws PolicyRejected {
        return FactsJson.read(json);
    }

    /// Sets have no order of their own; facts do, so that they are the same each time.
    public static List<String> inOrder(Collection<String> names) {
        return names.stream().sorted().toList();
    }

    private static void checked(String text) {
        if (text.length() > MAX_TEXT) {
            throw new IllegalArgumentException("a text has at most " + MAX_TEXT + " characters");
        }
    }

    private static List<String> checked(List<String> texts) {
        if (texts.size() > MAX_LIST) {
            throw new IllegalArgumentException("a list has at most " + MAX_LIST + " elements");
        }
        texts.forEach(Facts::checked);
        return List.copyOf(texts);
    }
}
