package dev.postern.cli.demo;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import dev.postern.cli.admin.AdminClient;
import dev.postern.cli.edge.ChatRequests;
import dev.postern.cli.home.ClientKeys;
import dev.postern.cli.home.PosternHome;
import dev.postern.cli.operator.MetricsSnapshot;
import dev.postern.cli.operator.Operator;
import dev.postern.cli.operator.PemIdentity;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.platform.Deadline;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.platform.Ports;
import dev.postern.cli.scan.Canaries;
import dev.postern.cli.token.IssuedToken;
import dev.postern.cli.token.TokenClient;
import dev.postern.cli.token.TokenRequest;
import dev.postern.client.PosternClient;
import dev.postern.client.TokenSource;
import dev.postern.session.ProofKey;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the checks work with, and what one check leaves for a later one. For one thread.
final class DemoWorld implements AutoCloseable {
    static final String SCOPE = "llm:invoke";
    static final String CHAT_MODEL = ChatRequests.SMALL;
    static final String REQUEST_ID = "Postern-Request-Id";

    private final PlatformSettings settings;
    private final SecureRandom random;
    private final Clock clock;
    private final Canaries canaries;
    private final PlatformHttp operator;
    private final PlatformHttp anyone;
    private final AdminClient admin;
    private final TokenClient tokens;
    private final List<String> remembered = new CopyOnWriteArrayList<>();
    private final List<OpenAIClient> clients = new ArrayList<>();
    private @Nullable Eavesdropping eavesdropping;
    private String answer = "";
    private String streamedAnswer = "";

    DemoWorld(PlatformSettings settings, SecureRandom random, Clock clock) {
        this.settings = settings;
        this.random = random;
        this.clock = clock;
        this.canaries = Canaries.draw(random);
        this.operator = new PlatformHttp(new Operator(settings.home()).tls());
        URI issuer = ports().endpoint(PlatformService.TOKEN);
        SSLContext tls = PemIdentity.trusting(settings.home().caCertificate());
        this.anyone = new PlatformHttp(tls);
        this.tokens = new TokenClient(issuer, tls, clock);
        this.admin = new AdminClient(issuer, tls, new ClientKeys(home(), "security"), clock, random);
    }

    PlatformSettings settings() {
        return settings;
    }

    PosternHome home() {
        return settings.home();
    }

    Ports ports() {
        return settings.ports();
    }

    SecureRandom random() {
        return random;
    }

    Clock clock() {
        return clock;
    }

    Instant now() {
        return clock.instant();
    }

    Canaries canaries() {
        return canaries;
    }

    PlatformHttp operator() {
        return operator;
    }

    /// As anybody who trusts the platform's CA.
    PlatformHttp anyone() {
        return anyone;
    }

    /// As the client `security`.
    AdminClient admin() {
        return admin;
    }

    ChatRequests chat() {
        return new ChatRequests(ports().endpoint(PlatformService.GATEWAY));
    }

    /// The policy set in force.
    JsonNode currentPolicy() throws InterruptedException {
        return admin.get("/policies/current").body().path("policy");
    }

    /// Puts a policy set into force; its version.
    long publish(JsonNode policy) throws InterruptedException {
        return admin.post("/policies", policy, admin.get("/policies/current").etag())
                .version();
    }

    /// Looks again and again until `probe` holds; false when it did not within `wait`.
    <E extends Exception> boolean await(Duration wait, Deadline.Probe<E> probe) throws E, InterruptedException {
        return Deadline.await(wait, clock, probe);
    }

    /// Waits until the gateway decides by this version of the policy, or by a later one.
    void awaitPolicy(long version) throws CheckFailed, InterruptedException {
        CheckFailed.unless(
                await(
                        Duration.ofSeconds(15),
                        () -> metrics(PlatformService.GATEWAY).sum("postern_policy_epoch", "") >= version),
                "the gateway has not heard of policy version " + version);
    }

    /// A key to bind a token to.
    ProofKey newProofKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            return new ProofKey(generator.generateKeyPair(), random);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    /// For those whose tokens are too many, and live too short, to be looked for on disk.
    TokenClient tokens() {
        return tokens;
    }

    /// The raw answer to a token request, for those who want to see a refusal.
    HttpResponse<String> ask(TokenRequest request) throws InterruptedException {
        return tokens.ask(request);
    }

    /// The client `demo`.
    ClientKeys demo() {
        return new ClientKeys(home(), "demo");
    }

    /// The Java SDK as the client `demo`.
    PosternClient sealedClient() {
        return sealedClient(ports().endpoint(PlatformService.GATEWAY), new WorldTokens(this));
    }

    /// What a gateway says of the relays behind it.
    JsonNode sealedRelays(URI keyConfig, String token) throws InterruptedException {
        HttpResponse<String> answer = anyone.send(ChatRequests.bearing(token, PlatformHttp.request(keyConfig)));
        return new JsonMapper().readTree(answer.body()).path("relays");
    }

    /// Recorders around a second gateway, which start when they are first wanted.
    Eavesdropping eavesdropping() throws InterruptedException {
        Eavesdropping ears = eavesdropping;
        if (ears == null) {
            ears = Eavesdropping.begin(this);
            eavesdropping = ears;
        }
        return ears;
    }

    void endEavesdropping() {
        Eavesdropping ears = eavesdropping;
        eavesdropping = null;
        if (ears != null) {
            ears.close();
        }
    }

    /// The same through any gateway, with tokens that the check knows.
    PosternClient sealedClient(URI gateway, TokenSource source) {
        Path ca = home().caCertificate();
        return PosternClient.builder(gateway, clock, random)
                .tls(PemIdentity.trusting(ca))
                .anchors(PemIdentity.certificates(ca))
                .client("demo", "demo")
                .tokens(source)
                .build();
    }

    /// A fresh token of the client `demo`, remembered so that the last check can look for it on disk.
    String token(TokenRequest request) throws InterruptedException {
        return issue(request).token();
    }

    /// The same, with its end.
    IssuedToken issue(TokenRequest request) throws InterruptedException {
        IssuedToken token = tokens.issue(request);
        remember(token.token());
        return token;
    }

    /// For the last check, which looks for it on disk.
    void remember(String secret) {
        remembered.add(secret);
    }

    String gatewayToken() throws InterruptedException {
        return token(TokenRequest.of(demo(), SCOPE, TokenRequest.GATEWAY));
    }

    List<String> remembered() {
        return List.copyOf(remembered);
    }

    /// The official client as any application would set it up: base URL, token as API key, the platform's CA.
    OpenAIClient openAi(String token) {
        Path ca = home().caCertificate();
        OpenAIClient client = OpenAIOkHttpClient.builder()
                .baseUrl(ports().endpoint(PlatformService.GATEWAY) + "/v1")
                .apiKey(token)
                .sslSocketFactory(PemIdentity.trusting(ca).getSocketFactory())
                .trustManager(PemIdentity.trustManager(ca))
                .maxRetries(0)
                .timeout(Duration.ofSeconds(30))
                .build();
        clients.add(client);
        return client;
    }

    /// The request bodies that the simulator has received in this run, told by the marker.
    List<JsonNode> seenByModel(String marker) throws InterruptedException {
        List<JsonNode> ours = new ArrayList<>();
        for (JsonNode body : operator.json(simulator("/_seen"))) {
            if (body.toString().contains(marker)) {
                ours.add(body);
            }
        }
        return ours;
    }

    URI simulator(String path) {
        return ports().simulatorEndpoint().resolve(path);
    }

    MetricsSnapshot metrics(PlatformService service) throws InterruptedException {
        return MetricsSnapshot.parse(
                operator.text(ports().managementEndpoint(service).resolve("/actuator/prometheus")));
    }

    String answer() {
        return answer;
    }

    void answer(String text) {
        answer = text;
    }

    String streamedAnswer() {
        return streamedAnswer;
    }

    void streamedAnswer(String text) {
        streamedAnswer = text;
    }

    @Override
    public void close() {
        try {
            endEavesdropping();
        } finally {
            clients.forEach(OpenAIClient::close);
            admin.close();
            tokens.close();
            anyone.close();
            operator.close();
        }
    }
}
