package dev.postern.client;

import dev.postern.session.ClientOffer;
import dev.postern.session.ProofKey;
import dev.postern.session.Suite;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Asks models through a sealed session (SSP1): only this process and the relay can read what is said.
///
/// All requests share one session, which opens with the first of them, is replaced ahead of its end, and is opened
/// again, with growing delays, when it is lost. There is no plaintext fallback and no weaker suite to step down to.
///
/// **At most once.** A request of whose answer nothing has come when its session is lost is sent again, a few times,
/// within its deadline and for as long as relays remember it. It keeps its `msg_id`, by which the relays' journal gives
/// it an answer it has had already, serves it if it never reached a model, and else refuses it
/// ([PosternFailure.EffectUnknown]). **No guarantee** while the relays' Redis is away: requests are served without the
/// journal then, and one that was sent again may have its effect twice. Once an answer has begun, its request is never
/// sent again.
///
/// Safe for many threads; the calls block, so use virtual ones.
public final class PosternClient implements AutoCloseable {
    private static final int MESSAGE_ID_LENGTH = 16;

    private final HttpClient http;
    private final ScheduledExecutorService timer;
    private final Sessions sessions;
    private final Settings settings;
    private final SecureRandom random;
    private final Clock clock;

    private PosternClient(Builder builder) {
        this.settings = builder.settings;
        this.random = builder.random;
        this.clock = builder.clock;
        Access access = builder.access();
        HttpClient.Builder connections = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.patience());
        if (builder.tls != null) {
            connections.sslContext(builder.tls);
        }
        this.http = connections.build();
        this.timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("postern-client").factory());
        this.sessions =
                new Sessions(new Opener(access, http, settings, builder.clock, random, timer), settings, random);
    }

    /// Begins a client of this gateway.
    ///
    /// @param gateway such as `https://gateway.example`
    public static Builder builder(URI gateway, Clock clock, SecureRandom random) {
        return new Builder(gateway, clock, random);
    }

    public Answer chat(JsonNode body) throws PosternFailure, InterruptedException {
        return ask(Request.of(Request.CHAT, body));
    }

    public Answer complete(JsonNode body) throws PosternFailure, InterruptedException {
        return ask(Request.of(Request.COMPLETIONS, body));
    }

    /// Vectors; asking twice does no harm.
    public Answer embeddings(JsonNode body) throws PosternFailure, InterruptedException {
        return ask(Request.of(Request.EMBEDDINGS, body).idempotent());
    }

    /// The models that may be used.
    public Answer models() throws PosternFailure, InterruptedException {
        return ask(Request.of(Request.MODELS, new byte[0]).idempotent());
    }

    /// Asks and waits for the whole answer. An interrupt cancels the request.
    ///
    /// @throws IllegalArgumentException when the body wants a streamed answer
    public Answer ask(Request request) throws PosternFailure, InterruptedException {
        if (request.isStreamed()) {
            throw new IllegalArgumentException("a streamed answer is read with stream()");
        }
        try (AnswerStream answer = stream(request)) {
            Answer whole = answer.next().orElseThrow(PosternFailure.Truncated::new);
            if (answer.next().isPresent()) {
                throw new PosternFailure.Truncated();
            }
            return whole;
        }
    }

    /// Asks; the answer comes as one event, or as many when the body says `"stream": true`.
    ///
    /// @throws IllegalStateException when the client is closed
    public AnswerStream stream(Request request) throws PosternFailure, InterruptedException {
        return AnswerStream.open(sessions, settings, request, this::messageId, clock);
    }

    private String messageId() {
        byte[] octets = new byte[MESSAGE_ID_LENGTH];
        random.nextBytes(octets);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    /// What is known of the session that the next request would use; empty while there is none.
    public Optional<SessionInfo> session() {
        return sessions.live().map(Link::info);
    }

    /// Ends the session in good order; requests that are under way are lost.
    @Override
    public void close() {
        sessions.close();
        timer.shutdownNow();
        http.shutdown();
    }

    /// Everything a client must be told. [#build] refuses what is missing.
    public static final class Builder {
        private final URI gateway;
        private final Clock clock;
        private final SecureRandom random;
        private Settings settings = Settings.DEFAULT;
        private List<X509Certificate> anchors = List.of();
        private URI relayId = URI.create("spiffe://postern.local/service/inference-relay");
        private String relayAudience = "urn:postern:relay";
        private String clientId = "";
        private String tenant = "";
        private List<Suite> suites = ClientOffer.DEFAULT_SUITES;
        private @Nullable ProofKey proofKey;
        private @Nullable TokenSource tokens;
        private @Nullable SSLContext tls;

        private Builder(URI gateway, Clock clock, SecureRandom random) {
            this.gateway = gateway;
            this.clock = clock;
            this.random = random;
        }

        /// How the gateway's own certificate is judged; the JDK's way by default.
        public Builder tls(SSLContext context) {
            tls = context;
            return this;
        }

        /// What the relays' certificate chains end in. The gateway is not trusted with this.
        public Builder anchors(Collection<X509Certificate> certificates) {
            anchors = List.copyOf(certificates);
            return this;
        }

        /// The relays' SPIFFE id and their tokens' audience, where they are not the platform's usual ones.
        public Builder relay(URI id, String audience) {
            relayId = id;
            relayAudience = audience;
            return this;
        }

        /// The registered client, as its tokens name it.
        public Builder client(String id, String ofTenant) {
            clientId = id;
            tenant = ofTenant;
            return this;
        }

        public Builder tokens(TokenSource source) {
            tokens = source;
            return this;
        }

        /// The P-256 key that tokens are bound to; a fresh one by default, which never leaves this object.
        public Builder proofKey(ProofKey key) {
            proofKey = key;
            return this;
        }

        /// The permitted suites, best first; X-Wing alone by default.
        public Builder suites(List<Suite> permitted) {
            suites = List.copyOf(permitted);
            return this;
        }

        Builder settings(Settings others) {
            settings = others;
            return this;
        }

        /// The client.
        ///
        /// @throws IllegalArgumentException when something is missing or cannot be used
        public PosternClient build() {
            return new PosternClient(this);
        }

        private Access access() {
            if (tokens == null || clientId.isBlank()) {
                throw new IllegalArgumentException("a client has an id and a source of tokens");
            }
            return new Access(
                    gateway,
                    anchors,
                    relayId,
                    relayAudience,
                    clientId,
                    tenant,
                    suites,
                    Objects.requireNonNullElseGet(proofKey, this::freshKey),
                    tokens);
        }

        private ProofKey freshKey() {
            try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
                generator.initialize(new ECGenParameterSpec("secp256r1"), random);
                return new ProofKey(generator.generateKeyPair(), random);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has P-256", e);
            }
        }
    }
}
